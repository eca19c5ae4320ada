// Words into and out of the top's stream, with idle cycles and back-pressure at random when a test
// asks for them.
#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <span>
#include <vector>

#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

/// How unevenly words arrive and are taken. The default offers and takes a word in every cycle.
struct StreamTraffic {
  double idle = 0;   ///< probability that no word is offered in a cycle although one waits
  double stall = 0;  ///< probability that no word is taken in a cycle
  uint64_t seed = 1;
};

class StreamPort {
 public:
  explicit StreamPort(IRtlTop& top, StreamTraffic traffic = {});

  void push(std::span<const uint32_t> words) {
    to_device_.insert(to_device_.end(), words.begin(), words.end());
  }
  /// Drops all words in both directions, but for one that is already on offer: a valid word may not
  /// be withdrawn.
  void clear();
  /// One clock cycle.
  void clock();
  /// Words that have come out and were not taken yet.
  [[nodiscard]] std::deque<uint32_t>& received() { return from_device_; }
  [[nodiscard]] const std::deque<uint32_t>& received() const { return from_device_; }
  [[nodiscard]] size_t words_waiting() const { return to_device_.size(); }
  /// Nothing is on the way in, and the device neither works nor holds a part of a frame: clocks
  /// would change nothing.
  [[nodiscard]] bool quiet() const { return quiet_clocks_ >= kQuietClocks; }
  /// Levels of the other pins in the next cycle.
  [[nodiscard]] RtlInputs& inputs() { return inputs_; }
  [[nodiscard]] IRtlTop& top() { return top_; }

 private:
  static constexpr int kQuietClocks = 8;  ///< registers between a word's arrival and `link_idle`

  bool chance(double probability);

  IRtlTop& top_;
  StreamTraffic traffic_;
  std::mt19937_64 random_;
  RtlInputs inputs_;
  int quiet_clocks_ = 0;
  bool accepted_ = true;  ///< the word offered last was taken; a valid word may not be withdrawn
  std::deque<uint32_t> to_device_;
  std::deque<uint32_t> from_device_;
};

}  // namespace crucible::sim
