// The host's model of the device against the RTL: the same random frames, legal and not, give the
// same status, detail and words. CYCLES and BUSY_CYCLES are left out, the model does not count them
// exactly.
#include "models/device/board_model.hpp"

#include <fmt/format.h>

#include "models/device/register_rules.hpp"
#include "spec/gen/crucible_map.hpp"
#include "tests/cosim/model_beside_rtl.hpp"

namespace crucible::sim {
namespace {

using spec::Op;
using spec::Status;

class DeviceModel : public ModelBesideRtl {
 protected:
  /// An address with something interesting: registers, window edges, nothing.
  uint32_t address() {
    const auto u = [](int value) { return static_cast<uint32_t>(value); };
    const int level_words = std::max(1, config_.cols / 16);
    // Of windows that this configuration may not have, too.
    const struct {
      uint32_t base, words;
    } windows[] = {{spec::kWindowAdcOffset, u(config_.cols)},
                   {spec::kWindowColumnTable, u(config_.cols)},
                   {spec::kWindowRowTable, u(config_.rows)},
                   {spec::kWindowAdcInl, u(4 * config_.cols)},
                   {spec::kWindowDacInl, u(4 * config_.rows)},
                   {spec::kWindowInput, u(config_.in_words)},
                   {spec::kWindowOutputLo, u(config_.out_words)},
                   {spec::kWindowOutputHi, u(config_.out_words)},
                   {spec::kWindowLevel, u(config_.banks * config_.rows * level_words)},
                   {spec::kWindowOffset, u(config_.banks * config_.rows * config_.cols / 4)},
                   {spec::kWindowStuck, u(config_.banks * config_.rows * level_words)},
                   {spec::kWindowMemory, u(std::max(4096, config_.memory_bytes) / 4)}};
    switch (random(config_.controller != 0 ? 9 : 8)) {
      case 0:
        return static_cast<uint32_t>(random_());
      case 1:
      case 2:
      case 3:
        return static_cast<uint32_t>(4 * random(62));
      case 8:
        return spec::kRegCoreCtrl + static_cast<uint32_t>(4 * random(40));
      default: {
        const auto& window = windows[random(std::size(windows))];
        return window.base + 4 * static_cast<uint32_t>(random(3) == 0 ? window.words - random(5)
                                                                      : random(window.words));
      }
    }
  }
  /// A word that is legal more often than chance makes it.
  uint32_t value(uint32_t where) {
    switch (where) {
      case spec::kRegCellPoke:
        return static_cast<uint32_t>(
            random(static_cast<uint64_t>(config_.banks * config_.rows * config_.cols) + 20) << 8 |
            random(256));
      case spec::kRegCtrl:
      case spec::kRegJobStart:
        return static_cast<uint32_t>(random(3));
      case spec::kRegCoreCtrl:  // the model has no core
        return random(5) == 0 ? 2 : 0;
      case spec::kRegGenStart:
      case spec::kRegSelftest:  // they take long, and a march leaves nothing
        return static_cast<uint32_t>(random(10) == 0 ? random(6) : 0);
      case spec::kRegJobCols:
        return static_cast<uint32_t>(4 * random(static_cast<uint64_t>(config_.cols) / 4 + 2));
      case spec::kRegVerify:  // few pulses, or a generation takes all day
        return static_cast<uint32_t>(random(128) | random(4) << 8 | (random(20) == 0 ? 128 : 0));
      case spec::kRegVerifyPulse:
        return static_cast<uint32_t>(random(20 << 8) | random(4 << 8) << 16);
      default:
        break;
    }
    if (where >= spec::kRegJobBank && where <= spec::kRegJobOut)
      return static_cast<uint32_t>(random(20));
    const auto word = static_cast<uint32_t>(random_());
    if (where >= spec::kRegisterSpace) return legal_word(where, word);
    const spec::RegisterInfo* known = spec::find_register(where);
    return known != nullptr && random(5) != 0 ? legal_fields(*known, word) : word;
  }
  /// Every field within its range.
  uint32_t legal_fields(const spec::RegisterInfo& at, uint32_t word) {
    uint32_t legal = 0;
    for (const spec::FieldInfo& part : at.fields) {
      const uint64_t values = uint64_t{part.maximum} - part.minimum + 1;
      legal |= (part.minimum + static_cast<uint32_t>(word % values)) << part.lsb;
      word = static_cast<uint32_t>(random_());
    }
    return legal;
  }
  uint32_t legal_word(uint32_t where, uint32_t word) {
    if (random(8) == 0) return word;
    const spec::WindowInfo* window = spec::find_window(where);
    switch (window != nullptr ? window->address : 0) {
      case spec::kWindowAdcOffset:
        return static_cast<uint32_t>(int32_t{static_cast<int16_t>(word)});
      case spec::kWindowColumnTable:
      case spec::kWindowRowTable:
        return word & 0xFFFF7FFF;
      case spec::kWindowStuck:
        return word & ~(word >> 1 & 0x55555555);
      default:
        return word;
    }
  }
};

TEST_P(DeviceModel, AnswersRandomFramesAsTheRtlDoes) {
  const auto u = [](int word) { return static_cast<uint32_t>(word); };
  int accepted = 0;
  int jobs = 0, chips = 0, tests = 0;
  for (int trial = 0; trial < 6000; ++trial) {
    client_.wait(kPatience);
    ASSERT_EQ(model_.wait_idle(kPatience).status, Status::kOk);
    const uint32_t where = address();
    const auto length = static_cast<uint16_t>(1 + random(random(4) == 0 ? 20 : 3));
    const uint64_t kind = random(5);
    std::vector<uint32_t> words(length);
    Response response;
    models::FrameResult expected;
    if (kind < 2) {
      response = client_.read(where, length);
      expected = model_.read(where, words);
      if (response.status == Status::kOk) {
        for (uint32_t i = 0; i < length; ++i) {
          if (cycle_counter(where + 4 * i)) continue;
          ASSERT_EQ(response.payload.at(i), words[i])
              << fmt::format("trial {}, address 0x{:x}", trial, where + 4 * i);
        }
      }
    } else {
      const bool fixed = kind == 2;
      for (uint32_t i = 0; i < length; ++i) words[i] = value(fixed ? where : where + 4 * i);
      const uint64_t special = fixed ? ~uint64_t{0} : random(120);
      if (special < 20) {  // a job that may well be legal
        const uint32_t address_of_job = spec::kRegJobBank;
        words = {static_cast<uint32_t>(random(u(config_.banks))),
                 u(1 + static_cast<int>(random(u(config_.rows)))),
                 4 * static_cast<uint32_t>(1 + random(u(config_.cols) / 4)),
                 static_cast<uint32_t>(1 + random(4)),
                 static_cast<uint32_t>(random(8)),
                 static_cast<uint32_t>(random(3)),
                 static_cast<uint32_t>(random(8)),
                 1};
        response = client_.write(address_of_job, words);
        expected = model_.write(address_of_job, words);
        jobs += response.status == Status::kOk ? 1 : 0;
      } else if (special < 22) {  // a chip from a seed
        words.clear();
        for (uint32_t a = spec::kRegGenSigma01; a < spec::kRegGenStart; a += 4)
          words.push_back(value(a));
        words.push_back(1 + static_cast<uint32_t>(random(3)));
        response = client_.write(spec::kRegGenSigma01, words);
        expected = model_.write(spec::kRegGenSigma01, words);
        chips += response.status == Status::kOk ? 1 : 0;
      } else if (special < 23) {
        words = {1 + static_cast<uint32_t>(random(3))};
        response = client_.write(spec::kRegSelftest, words);
        expected = model_.write(spec::kRegSelftest, words);
        tests += response.status == Status::kOk ? 1 : 0;
      } else {
        response = fixed ? client_.write_fixed(where, words) : client_.write(where, words);
        expected = fixed ? model_.write_fixed(where, words) : model_.write(where, words);
      }
    }
    ASSERT_EQ(spec::status_name(response.status), spec::status_name(expected.status))
        << fmt::format("trial {}, kind {}, address 0x{:x}, length {}", trial, kind, where,
                       words.size());
    ASSERT_EQ(response.detail, expected.detail)
        << fmt::format("trial {}, address 0x{:x}", trial, where);
    accepted += response.status == Status::kOk ? 1 : 0;
  }
  EXPECT_EQ(client_.get_word(spec::kRegError), model_.errors().error());
  EXPECT_GT(accepted, 1500);
  EXPECT_GT(jobs, 200);
  if (config_.effects != 0) {
    EXPECT_GE(chips, 5);
    EXPECT_GE(tests, 5);
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, DeviceModel,
                         testing::ValuesIn(tested_configs({"tiny", "small"})), config_case_name);

}  // namespace
}  // namespace crucible::sim
