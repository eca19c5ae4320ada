// The registers CONTROL as a TLM-2.0 target, and the lines between tile, controller and core.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <systemc>

#include "models/device/controller_model.hpp"
#include "sim/tlm/board_clock.hpp"
#include "sim/tlm/bus.hpp"
#include "sim/tlm/i_tlm_device.hpp"

namespace crucible::sim {

/// The lines are functions of time: an initiator that has run ahead asks for their levels at its
/// own time, and until when they stay as they are.
class Control : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Control> bus{"bus"};

  Control(sc_core::sc_module_name name, const spec::HardwareConfig& config, ITlmDevice& device,
          const BoardClock& clock);

  /// Lets time pass up to `cycle`, for the device too.
  void catch_up(uint64_t cycle);
  /// A cycle after the last one caught up with, before which nothing here changes by itself.
  [[nodiscard]] uint64_t stable_until() const;
  /// Notified when a write, or the device's becoming idle, has changed something.
  [[nodiscard]] const sc_core::sc_event& changed() const { return changed_; }
  /// Number of those changes so far: tells whether one has been seen.
  [[nodiscard]] uint64_t changes() const { return changes_; }
  [[nodiscard]] models::ControllerModel& model() { return model_; }
  [[nodiscard]] const models::ControllerModel& model() const { return model_; }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  void tell();

  models::ControllerModel model_;
  ITlmDevice& device_;
  const BoardClock& clock_;
  uint64_t cycle_ = 0, changes_ = 0;
  sc_core::sc_event changed_;
};

}  // namespace crucible::sim
