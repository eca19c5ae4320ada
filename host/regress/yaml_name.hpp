// Names in YAML that name a folder, too.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "host/experiment/yaml_reader.hpp"

namespace crucible::regress {

/// Letters, digits, '-', '_' and '.', which does not begin it. Throws crucible::Error at
/// file:line:column.
inline std::string name_of(const experiment::YamlValue& value) {
  std::string text = value.text();
  const bool good = std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  });
  if (!good || text[0] == '.')
    value.fail(fmt::format("a name is letters, digits, '-', '_' and '.', found '{}'", text));
  return text;
}

}  // namespace crucible::regress
