#include "sim/tlm/link_device.hpp"

#include <algorithm>
#include <bit>

namespace crucible::sim {
namespace {

// rtl/link/README.md, "Latency": of a frame's passes on the bus beside its words, of its response,
// and from one of the tile's cycles to the next look of WAIT_IDLE.
constexpr uint64_t kPassCycles = 4;
constexpr uint64_t kEndsCycles = 7;
constexpr uint64_t kResponseCycles = 2;
constexpr uint32_t kOneMegabyte = 1u << 20;

/// Characters that may wait: cim_host_link's parameter of cim_uart_words.
size_t uart_queue(const spec::HardwareConfig& config) {
  return std::bit_ceil(8 * (static_cast<size_t>(config.max_payload) + 8));
}

/// Cycles of the pass that checks a burst: both ends alone where they lie in one megabyte above the
/// tables, unless it writes stuck cells.
uint64_t check_cycles(uint32_t address, size_t words, bool write) {
  const bool stuck =
      address >= spec::kWindowStuck && address - spec::kWindowStuck < spec::kWindowStuckBytes;
  const bool ends = address >= kOneMegabyte && !(write && stuck);
  return ends ? kEndsCycles : words + kPassCycles;
}

}  // namespace

LinkDevice::LinkDevice(sc_core::sc_module_name name, const spec::HardwareConfig& config,
                       ITlmDevice& device, const BoardClock& clock)
    : sc_module(name),
      device_(device),
      clock_(clock),
      initiator_(bus, delay_),
      access_(initiator_, device, config.max_payload),
      server_(config, *this),
      receiver_(config.max_payload),
      most_received_(uart_queue(config)),
      kept_(static_cast<size_t>(config.kept)) {
  stream.register_b_transport(this, &LinkDevice::b_transport);
  SC_HAS_PROCESS(LinkDevice);
  SC_THREAD(run);
  SC_METHOD(on_link_sel);
  sensitive << link_sel;
  dont_initialize();
}

void LinkDevice::run() {
  uint64_t cycles = 0;
  while (true) {
    const std::optional<uint32_t> word = await_word();
    if (!word) continue;
    ++cycles;
    uint32_t errors = 0;
    const std::optional<link::ReceivedFrame> frame = receiver_.take(*word, errors);
    if (errors != 0) device_.note_error(errors);
    if (!frame) continue;
    pass(cycles);
    cycles = 0;
    await_slot();
    answer(*frame);
  }
}

std::optional<uint32_t> LinkDevice::next_word() {
  if (!in_.empty()) {
    const uint32_t word = in_.front();
    in_.pop_front();
    return word;
  }
  while (!received_.empty()) {
    const uint8_t character = received_.front();
    received_.pop_front();
    if (const auto word = aligner_.take(character, receiver_.hunting())) return word;
  }
  return std::nullopt;
}

std::optional<uint32_t> LinkDevice::await_word() {
  std::optional<uint32_t> word = next_word();
  if (word) return word;
  const sc_core::sc_time end = sc_core::sc_time_stamp() + clock_.time(kPatience);
  idle_ = receiver_.hunting();
  progress_.notify(sc_core::SC_ZERO_TIME);
  while (!word && idle_ == receiver_.hunting()) {  // a flush ends a frame
    if (idle_) {
      wait(wake_);
    } else if (sc_core::sc_time_stamp() < end) {
      wait(end - sc_core::sc_time_stamp(), wake_);
    } else {
      device_.note_error(receiver_.give_up());
      break;
    }
    word = next_word();
  }
  idle_ = false;
  return word;
}

void LinkDevice::await_slot() {
  while (!link_sel.read() && response_ends_.size() >= kept_) wait(sent_ | wake_);
}

void LinkDevice::sent(size_t words) {
  for (size_t& end : response_ends_) end -= std::min(end, words);
  while (!response_ends_.empty() && response_ends_.front() == 0) response_ends_.pop_front();
  sent_.notify(sc_core::SC_ZERO_TIME);
}

void LinkDevice::answer(const link::ReceivedFrame& frame) {
  const uint64_t flushes = flushes_;
  std::vector<uint8_t> bytes;
  link::encode(server_.answer(frame), bytes);
  pass(kResponseCycles);
  if (flushes != flushes_) return;
  for (size_t i = 0; i < bytes.size(); i += sizeof(uint32_t)) {
    uint32_t word = 0;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i), sizeof word,
                reinterpret_cast<uint8_t*>(&word));
    out_.push_back(word);
  }
  response_ends_.push_back(out_.size());
  progress_.notify(sc_core::SC_ZERO_TIME);
}

models::FrameResult LinkDevice::read(uint32_t address, std::span<uint32_t> words) {
  pass(check_cycles(address, words.size(), false) + words.size() + kPassCycles);
  return access_.read(address, words);
}

models::FrameResult LinkDevice::write(uint32_t address, std::span<const uint32_t> words,
                                      uint32_t step) {
  pass(check_cycles(address, words.size(), true) + words.size() + kPassCycles);
  return access_.write(address, words, step);
}

models::FrameResult LinkDevice::wait_idle(uint32_t cycles) {
  const uint64_t end = clock_.now() + cycles;
  for (device_.catch_up(clock_.now()); device_.busy(); device_.catch_up(clock_.now())) {
    if (clock_.now() >= end) return access_.refuse(spec::Status::kTimeout);
    const uint64_t next = std::max(device_.busy_until(), clock_.now() + 1);
    pass(std::min(next, end) - clock_.now());
  }
  return {};
}

void LinkDevice::push(std::span<const uint32_t> words) {
  in_.insert(in_.end(), words.begin(), words.end());
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void LinkDevice::pop(std::span<uint32_t> words) {
  std::copy_n(out_.begin(), words.size(), words.begin());
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(words.size()));
  sent(words.size());
}

void LinkDevice::clear() {
  in_.clear();
  out_.clear();
  response_ends_.clear();
}

void LinkDevice::on_link_sel() {
  if (!link_sel.read()) clear();  // a stream's client says by kClear what is not its own
  receiver_.flush();
  aligner_.flush();
  received_.clear();
  characters_.clear();
  ++flushes_;
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void LinkDevice::receive(uint8_t character) {
  if (received_.size() == most_received_) return device_.note_error(spec::kErrorRxOverflowMask);
  received_.push_back(character);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

std::optional<uint8_t> LinkDevice::next_character() {
  if (characters_.empty()) {
    if (out_.empty()) return std::nullopt;
    for (size_t i = 0; i < sizeof(uint32_t); ++i)
      characters_.push_back(static_cast<uint8_t>(out_.front() >> (8 * i)));
    out_.pop_front();
    sent(1);
  }
  const uint8_t next = characters_.front();
  characters_.pop_front();
  return next;
}

}  // namespace crucible::sim
