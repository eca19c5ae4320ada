#include "host/experiment/hardware.hpp"

#include <fmt/format.h>

#include "host/experiment/workbench.hpp"
#include "host/port/open_port.hpp"
#include "host/record/recording_port.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

/// UART pins in simulation carry some 10,000 bytes a second, less on a busy machine.
constexpr uint32_t kSlowestUartBytes = 2'000;

}  // namespace

std::unique_ptr<driver::Accelerator> open_device(const std::string& address,
                                                 const std::string& hardware,
                                                 const port::PortOptions& options) {
  auto device = std::make_unique<driver::Accelerator>(record::open_port(address, options));
  const models::TileGeometry expected = hardware_geometry(hardware);
  const models::TileGeometry& found = device->identity().geometry;
  if (found == expected) return device;
  throw Error(
      ErrorKind::kDevice,
      fmt::format("{}: the device is '{}' ({} rows, {} columns, {} banks), the configuration asks "
                  "for '{}' ({}, {}, "
                  "{}); set device.hardware or connect the other device",
                  address, device->identity().config_name, found.rows, found.cols, found.banks,
                  hardware, expected.rows, expected.cols, expected.banks));
}

Hardware::Hardware(const DeviceConfig& config) : config_(config), address_(device_address(config)) {
  const auto kind = port::emulation(address_);
  if (kind && address_ == fmt::format("{}:{}", *kind, config.hardware)) {
    port::BoardProcess::Options options;
    options.program = port::find_board();
    options.config = config.hardware;
    options.model = kind->substr(kind->find(':') + 1);
    options.uart = true;
    board_ = std::make_unique<port::BoardProcess>(options);
  }
  connect_stream();
}

Hardware::~Hardware() = default;

bool Hardware::has_uart() const { return board_ != nullptr; }

void Hardware::connect_uart() { connect("uart:" + board_->uart_path()); }

void Hardware::connect_stream() { connect(board_ ? "unix:" + board_->socket_path() : address_); }

void Hardware::connect(const std::string& address) {
  closed_traffic_ = traffic();
  device_.reset();
  port::PortOptions options;
  if (address.starts_with("uart:")) options.link.slowest_bytes_per_s = kSlowestUartBytes;
  device_ = open_device(address, config_.hardware, options);
}

port::PortStatistics Hardware::traffic() const {
  port::PortStatistics sum = closed_traffic_;
  if (device_) {
    const port::PortStatistics open = device_->port().statistics();
    sum.bytes_sent += open.bytes_sent;
    sum.bytes_received += open.bytes_received;
    sum.frames += open.frames;
    sum.retries += open.retries;
  }
  return sum;
}

eval::Evaluation Hardware::measure(const models::CompiledNetwork& network,
                                   std::span<const int8_t> offsets, int banks,
                                   eval::LabelledImages images, const eval::Progress& progress) {
  constexpr int kChunk = 10;
  device_->update_offsets(offsets, banks);
  driver::DeviceEngine engine(*device_, network);
  return eval::evaluate_engine(network, engine, images, kChunk, progress);
}

}  // namespace crucible::experiment
