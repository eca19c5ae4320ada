#include "host/port/model_port.hpp"

#include <algorithm>

#include "host/port/refused_error.hpp"

namespace crucible::port {

namespace {

/// Calls frame(address, offset, count) for each piece of at most `max_payload` words and throws at
/// the first refusal.
template <typename Execute>
void cut(const std::string& device, spec::Op op, uint32_t address, size_t words, size_t max_payload,
         uint64_t& frames, const Execute& execute, std::span<const uint32_t> payload = {}) {
  for (size_t offset = 0; offset < words; offset += max_payload) {
    const size_t count = std::min(max_payload, words - offset);
    const uint32_t at =
        address + (op == spec::Op::kWriteFixed ? 0 : static_cast<uint32_t>(4 * offset));
    ++frames;
    const models::FrameResult result = execute(at, offset, count);
    if (result.status != spec::Status::kOk) {
      const auto sent = payload.empty() ? payload : payload.subspan(offset, count);
      throw RefusedError(device, {op, at, count, offset, words, 0, result.status, result.detail,
                                  refused_word(op, at, sent, result.detail)});
    }
  }
}

}  // namespace

ModelPort::ModelPort(const spec::HardwareConfig& config) : device_(config) {}

void ModelPort::read(uint32_t address, std::span<uint32_t> words) {
  cut(describe(), spec::Op::kRead, address, words.size(),
      static_cast<size_t>(device_.config().max_payload), statistics_.frames,
      [&](uint32_t at, size_t offset, size_t count) {
        return device_.read(at, words.subspan(offset, count));
      });
}

void ModelPort::write(uint32_t address, std::span<const uint32_t> words) {
  cut(
      describe(), spec::Op::kWrite, address, words.size(),
      static_cast<size_t>(device_.config().max_payload), statistics_.frames,
      [&](uint32_t at, size_t offset, size_t count) {
        return device_.write(at, words.subspan(offset, count));
      },
      words);
}

void ModelPort::write_fixed(uint32_t address, std::span<const uint32_t> words) {
  cut(
      describe(), spec::Op::kWriteFixed, address, words.size(),
      static_cast<size_t>(device_.config().max_payload), statistics_.frames,
      [&](uint32_t at, size_t offset, size_t count) {
        return device_.write_fixed(at, words.subspan(offset, count));
      },
      words);
}

void ModelPort::wait_idle(uint32_t cycles) {
  ++statistics_.frames;
  const models::FrameResult result = device_.wait_idle(cycles);
  if (result.status != spec::Status::kOk) {
    throw RefusedError(describe(),
                       {spec::Op::kWaitIdle, cycles, 0, 0, 0, 0, result.status, result.detail});
  }
}

std::string ModelPort::describe() const { return "model:" + std::string(device_.config().name); }

}  // namespace crucible::port
