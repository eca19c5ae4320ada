#include "sim/verilated/i_rtl_top.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::sim {

void IRtlTop::require_no_assertion_failures() const {
  if (assertion_failures() == 0) return;
  throw Error(ErrorKind::kMismatch,
              fmt::format("{} assertion failure(s) in the RTL ({}), a bug of the RTL:\n{}",
                          assertion_failures(), config().name, assertion_report()));
}

}  // namespace crucible::sim
