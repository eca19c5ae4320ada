// Random frames for a device, legal and not: registers, windows and their edges, jobs, chips from a
// seed, self-tests.
#pragma once

#include <algorithm>
#include <iterator>
#include <random>
#include <vector>

#include "host/link/frame.hpp"
#include "spec/gen/crucible_map.hpp"
#include "tests/cosim/tile_windows.hpp"

namespace crucible::sim {

class RandomFrames {
 public:
  RandomFrames(const spec::HardwareConfig& config, uint64_t seed)
      : config_(config), random_(seed) {}

  /// Below a limit.
  uint64_t random(uint64_t below) { return random_() % below; }

  /// A request; its session and sequence number are the caller's.
  link::Frame next() {
    link::Frame frame;
    frame.address = address();
    frame.length = static_cast<uint16_t>(1 + random(random(4) == 0 ? 20 : 3));
    const uint64_t kind = random(5);
    if (kind < 2) {
      frame.op = static_cast<uint8_t>(spec::Op::kRead);
      return frame;
    }
    const bool fixed = kind == 2;
    frame.op = static_cast<uint8_t>(fixed ? spec::Op::kWriteFixed : spec::Op::kWrite);
    for (uint32_t i = 0; i < frame.length; ++i)
      frame.payload.push_back(value(fixed ? frame.address : frame.address + 4 * i));
    if (!fixed) make_special(frame);
    frame.length = static_cast<uint16_t>(frame.payload.size());
    return frame;
  }

  /// JOB_BANK .. JOB_START of a job that may well be legal.
  std::vector<uint32_t> job() {
    return {static_cast<uint32_t>(random(u(config_.banks))),
            1 + static_cast<uint32_t>(random(u(config_.rows))),
            4 * static_cast<uint32_t>(1 + random(u(config_.cols) / 4)),
            1 + static_cast<uint32_t>(random(4)),
            static_cast<uint32_t>(random(8)),
            static_cast<uint32_t>(random(3)),
            static_cast<uint32_t>(random(8)),
            1};
  }

 private:
  static uint32_t u(int value) { return static_cast<uint32_t>(value); }

  /// Makes it a start of something that takes a while, now and then.
  void make_special(link::Frame& frame) {
    const uint64_t special = random(120);
    if (special < 20) {
      frame.address = spec::kRegJobBank;
      frame.payload = job();
    } else if (special < 22) {  // a chip from a seed
      frame.address = spec::kRegGenSigma01;
      frame.payload.clear();
      for (uint32_t a = spec::kRegGenSigma01; a < spec::kRegGenStart; a += 4)
        frame.payload.push_back(value(a));
      frame.payload.push_back(1 + static_cast<uint32_t>(random(3)));
    } else if (special < 23) {
      frame.address = spec::kRegSelftest;
      frame.payload = {1 + static_cast<uint32_t>(random(3))};
    }
  }

  /// An address with something interesting: registers, window edges, nothing.
  uint32_t address() {
    const auto windows = tile_windows(config_);  // those that this configuration may not have, too
    const uint32_t memory_words = u(std::max(4096, config_.memory_bytes) / 4);
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
        const size_t which = random(windows.size() + 1);
        const auto [base, words] = which < windows.size()
                                       ? std::pair{windows[which].address, windows[which].words}
                                       : std::pair{spec::kWindowMemory, memory_words};
        return base + 4 * static_cast<uint32_t>(random(3) == 0 ? words - random(5) : random(words));
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
      case spec::kRegCoreCtrl:  // nobody plays the core
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

  spec::HardwareConfig config_;
  std::mt19937_64 random_;
};

}  // namespace crucible::sim
