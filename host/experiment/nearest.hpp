// The known word nearest to a mistyped one, for error messages.
#pragma once

#include <string>
#include <vector>

namespace crucible::experiment {

/// "; did you mean 'x'?" where a known word is within two edits (a third of its length for long
/// ones), else "".
[[nodiscard]] std::string did_you_mean(const std::string& word,
                                       const std::vector<std::string>& known);

}  // namespace crucible::experiment
