// What a registry holds as the parameters of a test suite.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crucible::test {

/// The names of a registry's entries.
template <class Entries>
auto registered(const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.name);
  return ::testing::ValuesIn(names);
}

/// A parameter as GoogleTest takes it in a test's name: without dashes.
inline std::string parameter_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::erase(name, '-');
  return name;
}

}  // namespace crucible::test
