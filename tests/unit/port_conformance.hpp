// What every device behind a port must do, whatever it is made of: the fixture. The tests are
// in port_conformance_*.cpp (the object library `port_conformance`); a test program links them and
// names its devices:
//   INSTANTIATE_TEST_SUITE_P(Model, PortConformance, testing::Values(PortCase{"model:small", [] {
//   return ...; }}), port_case_name);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host/port/i_port.hpp"
#include "host/port/refused_error.hpp"
#include "models/device/register_rules.hpp"
#include "spec/gen/crucible_map.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::port {

struct PortCase {
  std::string name;
  std::function<std::unique_ptr<IPort>()> open;  ///< a device after reset
};

inline std::string port_case_name(const testing::TestParamInfo<PortCase>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

class PortConformance : public testing::TestWithParam<PortCase> {
 protected:
  using Words = std::vector<uint32_t>;
  static constexpr uint32_t kPatience = 10'000'000;  ///< cycles, more than any job here takes
  static constexpr uint32_t kSeed = 20'261'123;

  void SetUp() override {
    port_ = GetParam().open();
    const uint32_t hash = port_->read_word(spec::kRegConfigHash);
    const auto known =
        std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                     [&](const spec::HardwareConfig& config) { return config.hash == hash; });
    ASSERT_NE(known, spec::kConfigs.end()) << "CONFIG_HASH 0x" << std::hex << hash;
    config_ = *known;
    port_->write_word(spec::kRegError, ~0u);
  }

  Words read(uint32_t address, size_t count) {
    Words words(count);
    port_->read(address, words);
    return words;
  }

  static constexpr uint32_t word(uint32_t base, size_t index) {
    return base + static_cast<uint32_t>(4 * index);
  }

  /// The refusal of what `access` does; fails the test when there is none.
  RefusedFrame refusal(const std::function<void()>& access) {
    try {
      access();
    } catch (const RefusedError& error) {
      return error.frame();
    }
    ADD_FAILURE() << "not refused";
    return {};
  }

  void expect_refused(spec::Status status, uint32_t detail, const std::function<void()>& access) {
    const RefusedFrame frame = refusal(access);
    EXPECT_EQ(spec::status_name(frame.status), spec::status_name(status));
    EXPECT_EQ(frame.detail, detail)
        << std::hex << "0x" << frame.detail << " instead of 0x" << detail;
  }

  [[nodiscard]] size_t size(int value) const { return static_cast<size_t>(value); }
  [[nodiscard]] size_t level_cells() const { return size(std::min(16, config_.cols)); }
  [[nodiscard]] size_t rows_of_all_banks() const {
    return size(config_.banks) * size(config_.rows);
  }

  /// A window of this device: its words, and a mask of the bits that every word of it may have.
  struct WindowSize {
    uint32_t base;
    size_t words;
    uint32_t mask;
  };
  [[nodiscard]] std::vector<WindowSize> windows() const {
    const size_t rows = size(config_.rows), cols = size(config_.cols);
    const size_t level_words = rows_of_all_banks() * (cols / level_cells());
    const uint32_t level_mask = level_cells() < 16 ? (1u << (2 * level_cells())) - 1 : ~0u;
    std::vector<WindowSize> all = {{spec::kWindowAdcOffset, cols, 0x7FFF},
                                   {spec::kWindowInput, size(config_.in_words), ~0u},
                                   {spec::kWindowOutputLo, size(config_.out_words), 0},
                                   {spec::kWindowOutputHi, size(config_.out_words), 0},
                                   {spec::kWindowLevel, level_words, level_mask},
                                   {spec::kWindowOffset, rows_of_all_banks() * cols / 4, ~0u}};
    if (config_.effects != 0) {
      const std::vector<WindowSize> more = {{spec::kWindowColumnTable, cols, 0xFFFF7FFF},
                                            {spec::kWindowRowTable, rows, 0xFFFF7FFF},
                                            {spec::kWindowAdcInl, 4 * cols, ~0u},
                                            {spec::kWindowDacInl, 4 * rows, ~0u},
                                            {spec::kWindowStuck, level_words, 0x55555555}};
      all.insert(all.end(), more.begin(), more.end());
    }
    if (config_.controller != 0)
      all.push_back({spec::kWindowMemory, size(config_.memory_bytes) / sizeof(uint32_t), ~0u});
    return all;
  }

  /// JOB_BANK .. JOB_START.
  using Job = std::array<uint32_t, 8>;
  /// As many products as fit, all of the same vector: takes at least out_words / (cols / 4) * rows
  /// cycles.
  [[nodiscard]] Job longest_job() const {
    return {0,
            static_cast<uint32_t>(config_.rows),
            static_cast<uint32_t>(config_.cols),
            static_cast<uint32_t>(config_.out_words / (config_.cols / 4)),
            0,
            0,
            0,
            1};
  }

  Words random_words(size_t count, uint32_t mask = ~0u) {
    Words words(count);
    for (uint32_t& value : words) value = random_() & mask;
    return words;
  }
  int random_in(int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random_);
  }

  std::unique_ptr<IPort> port_;
  spec::HardwareConfig config_{};
  std::mt19937 random_{kSeed};
};

/// Of devices with effects.
class PortEffects : public PortConformance {
 protected:
  void SetUp() override {
    PortConformance::SetUp();
    ASSERT_EQ(config_.effects, 1);
  }
};

/// Of devices with a controller whose core is not under way.
class PortController : public PortConformance {
 protected:
  void SetUp() override {
    PortConformance::SetUp();
    ASSERT_EQ(config_.controller, 1);
  }
};

}  // namespace crucible::port
