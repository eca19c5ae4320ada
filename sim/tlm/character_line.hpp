// The UART's wires, character by character: ten bits at the rate of whoever sends.
#pragma once

#include <deque>
#include <systemc>
#include <utility>

#include "sim/systemc/i_board_device.hpp"
#include "sim/tlm/link_device.hpp"

namespace crucible::sim {

/// Where the client's rate is not the device's, each sees the other's characters without their stop
/// bits: the device counts them, the client loses them.
class CharacterLine : public sc_core::sc_module, public ISerialLine {
 public:
  sc_core::sc_in<bool> link_sel{"link_sel"};  ///< 0: the device listens

  CharacterLine(sc_core::sc_module_name name, LinkDevice& device, double device_baud);

  void set_baud(double baud) override { baud_ = baud; }
  void send(std::span<const uint8_t> bytes) override;
  [[nodiscard]] size_t bytes_waiting() const override { return to_device_.size(); }
  [[nodiscard]] std::vector<uint8_t> take() override { return std::exchange(from_device_, {}); }
  [[nodiscard]] bool idle() const override { return to_device_.empty() && !sending_; }

 private:
  void drive();
  void listen();
  [[nodiscard]] bool rates_agree() const;

  LinkDevice& device_;
  const double device_baud_;
  double baud_;
  std::deque<uint8_t> to_device_;
  std::vector<uint8_t> from_device_;
  bool sending_ = false;
  sc_core::sc_event start_;
};

}  // namespace crucible::sim
