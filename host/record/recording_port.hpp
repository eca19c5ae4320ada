// A port that keeps what passes through it in a file.
#pragma once

#include <filesystem>
#include <memory>

#include "host/port/i_port.hpp"
#include "host/port/open_port.hpp"
#include "host/record/recording.hpp"

namespace crucible::record {

/// Steps go to the device one after the other, and CYCLES is read after each. A step that ends in
/// another error than a refusal (the device is gone) is not in the file.
class RecordingPort final : public port::IPort {
 public:
  /// `address`: of the device, for the header. Reads its fingerprints. Throws
  /// crucible::Error(kData) where the file cannot be written, and what the port throws.
  RecordingPort(std::unique_ptr<port::IPort> inner, const std::string& address,
                const std::filesystem::path& file);

  void read(uint32_t address, std::span<uint32_t> words) override;
  void write(uint32_t address, std::span<const uint32_t> words) override;
  void write_fixed(uint32_t address, std::span<const uint32_t> words) override;
  void wait_idle(uint32_t cycles) override;
  [[nodiscard]] port::PortStatistics statistics() const override { return inner_->statistics(); }
  [[nodiscard]] std::string describe() const override { return inner_->describe(); }

 private:
  template <typename Access>
  void record(Transaction transaction, const Access& access);

  std::unique_ptr<port::IPort> inner_;
  Writer writer_;
};

/// CYCLES of a device.
[[nodiscard]] uint64_t read_cycles(port::IPort& port);

/// port::open_port, and `record:FILE,ADDRESS`: the device at that address, recorded.
[[nodiscard]] std::unique_ptr<port::IPort> open_port(const std::string& address,
                                                     const port::PortOptions& options = {});

/// Puts a recording around an address.
[[nodiscard]] std::string recorded(const std::filesystem::path& file, const std::string& address);

}  // namespace crucible::record
