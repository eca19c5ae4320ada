// A model behind a port that records every access, can forge what is read and can fail on demand.
// For tests.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "host/port/model_port.hpp"
#include "models/error.hpp"

namespace crucible::port {

class WatchedPort final : public IPort {
 public:
  struct Access {
    spec::Op op;
    uint32_t address;
    size_t words;
  };

  explicit WatchedPort(const spec::HardwareConfig& config) : device_(config) {}

  void read(uint32_t address, std::span<uint32_t> words) override {
    record(spec::Op::kRead, address, words.size());
    device_.read(address, words);
    for (size_t i = 0; i < words.size(); ++i) {
      const auto forged = forged_.find(address + static_cast<uint32_t>(4 * i));
      if (forged != forged_.end()) words[i] = forged->second;
    }
  }
  void write(uint32_t address, std::span<const uint32_t> words) override {
    record(spec::Op::kWrite, address, words.size());
    device_.write(address, words);
  }
  void write_fixed(uint32_t address, std::span<const uint32_t> words) override {
    record(spec::Op::kWriteFixed, address, words.size());
    device_.write_fixed(address, words);
  }
  void wait_idle(uint32_t cycles) override {
    record(spec::Op::kWaitIdle, cycles, 0);
    device_.wait_idle(cycles);
  }
  [[nodiscard]] PortStatistics statistics() const override { return device_.statistics(); }
  [[nodiscard]] std::string describe() const override { return "watched"; }

  void forge(uint32_t address, uint32_t word) { forged_[address] = word; }
  /// The next access of this kind throws.
  void fail_next(spec::Op op) { failing_ = op; }

  std::vector<Access> log;

 private:
  void record(spec::Op op, uint32_t address, size_t words) {
    log.push_back({op, address, words});
    if (failing_ == op) {
      failing_ = spec::Op{};
      throw Error(ErrorKind::kDevice, "failed as it was told");
    }
  }

  ModelPort device_;
  std::map<uint32_t, uint32_t> forged_;
  spec::Op failing_{};
};

}  // namespace crucible::port
