// A device as the searches with hardware in the loop see it: offsets in, what it makes of a fixed
// set of images out.
#pragma once

#include <cstddef>
#include <string>

#include "models/float_twin/float_twin.hpp"
#include "models/mapping/placement.hpp"

namespace crucible::search {

/// What one measurement costs beside the products.
enum class Read { kLogits, kActivations };

class IChipEvaluator {
 public:
  virtual ~IChipEvaluator() = default;
  /// Images of the fixed set; the search's problem has the same.
  [[nodiscard]] virtual int images() const = 0;
  /// Makes the device hold these offsets and runs all images. Activations are read back layer by
  /// layer where asked for, and empty otherwise. A device without noise answers the same again.
  /// Throws what the device's port throws.
  [[nodiscard]] virtual models::LayerReadings measure(const models::ChipOffsets& offsets,
                                                      Read read) = 0;
  /// Bytes that take the device from some offsets to others, as its port codes them.
  [[nodiscard]] virtual size_t update_bytes(const models::ChipOffsets& from,
                                            const models::ChipOffsets& to) const = 0;
  /// Bytes that write every offset of the banks in use.
  [[nodiscard]] virtual size_t dense_bytes() const = 0;
  /// Who the device is: a search goes on only with the same.
  [[nodiscard]] virtual std::string identity() const = 0;
};

}  // namespace crucible::search
