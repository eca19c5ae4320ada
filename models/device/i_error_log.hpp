// The sticky register ERROR and ERROR_ADDR, as the link's events set them.
#pragma once

#include <cstdint>

namespace crucible::models {

class IErrorLog {
 public:
  virtual ~IErrorLog() = default;
  /// Sets sticky bits of ERROR.
  virtual void note_error(uint32_t bits) = 0;
  /// The same for a refused word; the first since ERROR was zero leaves its address (of a poke: the
  /// payload word) in ERROR_ADDR.
  virtual void note_refusal(uint32_t bits, uint32_t address) = 0;
  /// ERROR is not zero.
  [[nodiscard]] virtual bool any_error() const = 0;
};

}  // namespace crucible::models
