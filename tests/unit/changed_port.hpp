// The in-process device, but for what a test changes of its answers. For tests.
#pragma once

#include <functional>
#include <utility>

#include "host/port/model_port.hpp"

namespace crucible::port {

class ChangedPort final : public IPort {
 public:
  /// Called with what was read, and changes it.
  using Change = std::function<void(uint32_t address, std::span<uint32_t> words)>;
  ChangedPort(const spec::HardwareConfig& config, Change change)
      : inner_(config), change_(std::move(change)) {}
  void read(uint32_t address, std::span<uint32_t> words) override {
    inner_.read(address, words);
    change_(address, words);
  }
  void write(uint32_t address, std::span<const uint32_t> words) override {
    inner_.write(address, words);
  }
  void write_fixed(uint32_t address, std::span<const uint32_t> words) override {
    inner_.write_fixed(address, words);
  }
  void wait_idle(uint32_t cycles) override { inner_.wait_idle(cycles); }
  /// The device's frames, with the bytes and the retries of a wire that the test makes up.
  [[nodiscard]] PortStatistics statistics() const override {
    return {.bytes_sent = wire.bytes_sent,
            .bytes_received = wire.bytes_received,
            .frames = inner_.statistics().frames,
            .retries = wire.retries};
  }
  [[nodiscard]] std::string describe() const override { return "changed"; }

  PortStatistics wire;

 private:
  ModelPort inner_;
  Change change_;
};

}  // namespace crucible::port
