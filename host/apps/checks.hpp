// Checks of numbers on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <cmath>
#include <string>

namespace crucible::apps {

/// A finite number that `good` accepts; `what` says which, `name` stands in the help.
template <typename Good>
CLI::Validator number_check(const std::string& name, const std::string& what, Good good) {
  return CLI::Validator(
      [what, good](const std::string& text) {
        double value = 0;
        const bool number = CLI::detail::lexical_cast(text, value) && std::isfinite(value);
        return number && good(value) ? std::string() : "'" + text + "' is no number " + what;
      },
      name);
}

/// CLI11's own say the whole range of a double, and take "nan".
inline CLI::Validator positive_number() {
  return number_check("POSITIVE", "above 0", [](double value) { return value > 0; });
}
inline CLI::Validator non_negative_number() {
  return number_check("NONNEGATIVE", "from 0 on", [](double value) { return value >= 0; });
}

}  // namespace crucible::apps
