#include "host/record/recording_port.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/program_version.hpp"
#include "host/port/refused_error.hpp"
#include "models/error.hpp"

namespace crucible::record {
namespace {

constexpr std::string_view kPrefix = "record:";

Header header_of(port::IPort& port, const std::string& address) {
  Header header{fmt::format("{} (commit {})", program_version(), program_commit()), address,
                port.read_word(spec::kRegMapHash), port.read_word(spec::kRegConfigHash), "unknown"};
  const auto known = std::find_if(
      spec::kConfigs.begin(), spec::kConfigs.end(),
      [&](const spec::HardwareConfig& config) { return config.hash == header.config_hash; });
  if (known != spec::kConfigs.end()) header.config = known->name;
  return header;
}

}  // namespace

uint64_t read_cycles(port::IPort& port) {
  static_assert(spec::kRegCyclesHi == spec::kRegCyclesLo + 4);
  std::array<uint32_t, 2> words{};
  port.read(spec::kRegCyclesLo, words);
  return words[0] | uint64_t{words[1]} << 32;
}

RecordingPort::RecordingPort(std::unique_ptr<port::IPort> inner, const std::string& address,
                             const std::filesystem::path& file)
    : inner_(std::move(inner)), writer_(file, header_of(*inner_, address)) {}

template <typename Access>
void RecordingPort::record(Transaction transaction, const Access& access) {
  try {
    access(transaction);
  } catch (const port::RefusedError& error) {
    transaction.status = error.status();
    transaction.detail = error.detail();
    transaction.cycle = read_cycles(*inner_);
    writer_.add(transaction);
    throw;
  }
  transaction.cycle = read_cycles(*inner_);
  writer_.add(transaction);
}

void RecordingPort::read(uint32_t address, std::span<uint32_t> words) {
  record({.op = spec::Op::kRead, .address = address, .words = std::vector<uint32_t>(words.size())},
         [&](Transaction& t) {
           inner_->read(address, words);
           t.words.assign(words.begin(), words.end());
         });
}

void RecordingPort::write(uint32_t address, std::span<const uint32_t> words) {
  record({.op = spec::Op::kWrite, .address = address, .words = {words.begin(), words.end()}},
         [&](const Transaction&) { inner_->write(address, words); });
}

void RecordingPort::write_fixed(uint32_t address, std::span<const uint32_t> words) {
  record({.op = spec::Op::kWriteFixed, .address = address, .words = {words.begin(), words.end()}},
         [&](const Transaction&) { inner_->write_fixed(address, words); });
}

void RecordingPort::wait_idle(uint32_t cycles) {
  record({.op = spec::Op::kWaitIdle, .address = cycles, .words = {}},
         [&](const Transaction&) { inner_->wait_idle(cycles); });
}

std::unique_ptr<port::IPort> open_port(const std::string& address,
                                       const port::PortOptions& options) {
  if (!address.starts_with(kPrefix)) return port::open_port(address, options);
  const size_t comma = address.find(',');
  if (comma == std::string::npos || comma == kPrefix.size() || comma + 1 == address.size())
    throw Error(ErrorKind::kUsage,
                fmt::format("device address '{}': write record:FILE,ADDRESS", address));
  const std::string inner = address.substr(comma + 1);
  return std::make_unique<RecordingPort>(port::open_port(inner, options), inner,
                                         address.substr(kPrefix.size(), comma - kPrefix.size()));
}

std::string recorded(const std::filesystem::path& file, const std::string& address) {
  if (file.string().find(',') != std::string::npos)
    throw Error(
        ErrorKind::kUsage,
        fmt::format("recording '{}': choose a file without a comma in its name", file.string()));
  return fmt::format("{}{},{}", kPrefix, file.string(), address);
}

}  // namespace crucible::record
