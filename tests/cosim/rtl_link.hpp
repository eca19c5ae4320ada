// A device after reset with a frame client on its stream, idle cycles and back-pressure at random,
// for tests of the link.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <random>

#include "sim/verilated/frame_client.hpp"
#include "tests/rtl/failure_wave.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {

/// CRUCIBLE_SEED repeats a failure.
inline uint64_t test_seed() {
  const char* const text = std::getenv("CRUCIBLE_SEED");
  return text == nullptr ? 20261123 : std::strtoull(text, nullptr, 0);
}

class RtlLink : public testing::TestWithParam<const char*> {
 protected:
  RtlLink() { client_.sync(kSession, 100); }
  ~RtlLink() override { EXPECT_EQ(top_->assertion_failures(), 0) << top_->assertion_report(); }

  static constexpr uint16_t kSession = 0x5e55;
  static constexpr uint64_t kSoon = 100'000;  ///< cycles in which every frame here is answered

  /// Sends the words and expects silence.
  void expect_silence(std::span<const uint32_t> words) {
    client_.send(words);
    port_.clock();
    EXPECT_FALSE(client_.receive(kSoon).has_value());
  }
  Response resend(const Request& request) { return client_.transact(request); }

  uint64_t random(uint64_t below) { return random_() % below; }

  std::unique_ptr<IRtlTop> top_ = make_rtl_top(GetParam(), test_seed());
  const spec::HardwareConfig& config_ = top_->config();
  std::mt19937_64 random_{test_seed()};
  StreamPort port_{*top_, StreamTraffic{.idle = 0.3, .stall = 0.3, .seed = test_seed()}};
  FrameClient client_{port_};
  FailureWave wave_{client_, *top_, test_seed()};
};

inline std::string config_case_name(const testing::TestParamInfo<const char*>& instance) {
  return instance.param;
}

}  // namespace crucible::sim
