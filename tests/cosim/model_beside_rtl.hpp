// The host's model of the device beside the RTL: every frame goes to both, and both must say the
// same.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "models/device/board_model.hpp"
#include "spec/gen/crucible_map.hpp"
#include "tests/cosim/rtl_link.hpp"
#include "tests/cosim/tile_windows.hpp"

namespace crucible::sim {

class ModelBesideRtl : public RtlLink {
 protected:
  static constexpr uint32_t kPatience = 100'000'000;  ///< cycles

  ModelBesideRtl() { start_alike(); }

  /// What the model does not count exactly.
  static bool cycle_counter(uint32_t address) {
    return address == spec::kRegCyclesLo || address == spec::kRegCyclesHi ||
           address == spec::kRegBusyCycles;
  }

  /// Waits on both sides, reads from both and compares; gives the status.
  spec::Status read(uint32_t address, uint16_t length = 1) {
    settle();
    std::vector<uint32_t> words(length);
    const Response response = client_.read(address, length);
    same(response, model_.read(address, words), address);
    if (response.status == spec::Status::kOk) {
      for (uint32_t i = 0; i < length; ++i) {
        const uint32_t at = address + 4 * i;
        if (cycle_counter(at)) continue;
        EXPECT_EQ(response.payload.at(i), words[i]) << fmt::format("read at 0x{:x}", at);
      }
    }
    return response.status;
  }
  spec::Status write(uint32_t address, const std::vector<uint32_t>& words) {
    settle();
    const Response response = client_.write(address, words);
    same(response, model_.write(address, words), address);
    return response.status;
  }
  void settle() {
    client_.wait(kPatience);
    EXPECT_EQ(model_.wait_idle(kPatience).status, spec::Status::kOk);
  }

  models::BoardModel model_{config_};

 private:
  static void same(const Response& response, const models::FrameResult& expected,
                   uint32_t address) {
    EXPECT_EQ(spec::status_name(response.status), spec::status_name(expected.status))
        << fmt::format("at 0x{:x}", address);
    EXPECT_EQ(response.detail, expected.detail) << fmt::format("at 0x{:x}", address);
  }
  /// Reset does not clear memories: the model starts with zeros, so does the RTL after this.
  void start_alike() {
    const auto clear = [&](uint32_t base, uint32_t words) {
      client_.put(base, std::vector<uint32_t>(words));
    };
    for (const TileWindow& window : tile_windows(config_))
      if (window.writable && (!window.effects || config_.effects != 0))
        clear(window.address, window.words);
    if (config_.controller != 0)
      clear(spec::kWindowMemory, static_cast<uint32_t>(config_.memory_bytes) / sizeof(uint32_t));
    // Results: one job over all of them.
    const std::vector<uint32_t> all{0, 4, 4, static_cast<uint32_t>(config_.out_words), 0, 0, 0, 1};
    client_.put(spec::kRegJobBank, all);
    EXPECT_EQ(model_.write(spec::kRegJobBank, all).status, spec::Status::kOk);
  }
};

}  // namespace crucible::sim
