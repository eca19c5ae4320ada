#include "models/device/board_model.hpp"

namespace crucible::models {

namespace {
constexpr uint64_t kFrameCycles = 10;  // of a frame beside its words
}

BoardModel::BoardModel(const spec::HardwareConfig& config)
    : memory_(static_cast<size_t>(config.memory_bytes)),
      device_(config, memory_.words()),
      controller_(config),
      access_(bus_, device_, config.max_payload) {}

IBusTarget& BoardModel::slave(uint32_t address) {
  switch (slave_at(address)) {
    case BusSlave::kControl:
      return controller_;
    case BusSlave::kMemory:
      return memory_;
    default:
      return device_;
  }
}

BusResult BoardModel::Bus::read(uint32_t address, std::span<uint32_t> words) {
  return board_.slave(address).read(address, words);
}

BusResult BoardModel::Bus::write(uint32_t address, std::span<const uint32_t> words, uint32_t step) {
  return board_.slave(address).write(address, words, step);
}

void BoardModel::advance(uint64_t cycles) {
  controller_.advance(cycles);
  if (device_.advance(cycles)) controller_.tile_done();
}

FrameResult BoardModel::read(uint32_t address, std::span<uint32_t> words) {
  advance(words.size() + kFrameCycles);
  return access_.read(address, words);
}

FrameResult BoardModel::write(uint32_t address, std::span<const uint32_t> words, uint32_t step) {
  advance(2 * words.size() + kFrameCycles);
  return access_.write(address, words, step);
}

FrameResult BoardModel::wait_idle(uint32_t cycles) {
  advance(kFrameCycles);
  if (!device_.busy()) return {};
  const uint64_t left = device_.busy_until() - device_.cycles();
  if (left > cycles) {
    advance(cycles);
    return access_.refuse(spec::Status::kTimeout);
  }
  advance(left);
  return {};
}

}  // namespace crucible::models
