// What of this machine's processor decides how floating-point sums are rounded.
#pragma once

#include <string>

namespace crucible {

/// The sets of vector instructions that compilers and libraries choose by: "avx avx2 fma".
[[nodiscard]] std::string vector_instructions();

}  // namespace crucible
