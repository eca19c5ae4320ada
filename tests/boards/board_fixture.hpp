// What the suites of a board share: a device at an address, in whichever way it came there.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "host/driver/accelerator.hpp"
#include "host/record/recording_port.hpp"

namespace crucible::boards {

constexpr uint64_t kSeed = 20261126;

struct AttachedBoard {
  std::string address;
  std::shared_ptr<void> owner;  ///< what the board ends with
};

/// One for each test: attached_netlist.cpp starts a program, attached_address.cpp takes the board
/// that CRUCIBLE_BOARD_ADDRESS names. None: nothing is attached, and the test is skipped. Throws
/// where there should be one.
[[nodiscard]] std::optional<AttachedBoard> attach_board();

/// A device of a configuration that this host knows.
class Board : public testing::Test {
 protected:
  void SetUp() override {
    attached_ = attach_board();
    if (!attached_)
      GTEST_SKIP() << "no board: set CRUCIBLE_BOARD_ADDRESS to the address of one, such as "
                      "uart:/dev/ttyUSB1?baud=3000000";
    open(attached_->address);
    const uint32_t hash = device_->identity().config_hash;
    config_ = std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                           [&](const spec::HardwareConfig& known) { return known.hash == hash; });
    ASSERT_NE(config_, spec::kConfigs.end()) << "configuration " << hash << " is not this host's";
  }

  /// The device at another address, such as record:FILE,ADDRESS.
  void open(const std::string& address) {
    device_.reset();  // a serial port has one user
    device_ = std::make_unique<driver::Accelerator>(record::open_port(address));
  }

  std::optional<AttachedBoard> attached_;
  std::unique_ptr<driver::Accelerator> device_;
  const spec::HardwareConfig* config_ = nullptr;
};

}  // namespace crucible::boards
