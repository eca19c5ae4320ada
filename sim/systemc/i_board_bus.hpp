// The board's bus for whoever outside reaches it beside the frames: a PCIe card.
#pragma once

#include "models/device/i_bus_target.hpp"

namespace crucible::sim {

/// An access is one burst: it comes between the frames, never into one. To be used where the board
/// lets the world act, in IHostSide::poll() and IHostSide::wait(). No access blocks, or takes
/// simulated time.
class IBoardBus : public models::IBusTarget {
 public:
  /// The controller asks for the host: ATTENTION is not 0.
  [[nodiscard]] virtual bool attention() = 0;
};

}  // namespace crucible::sim
