#include "sim/tlm/character_line.hpp"

#include <cmath>

namespace crucible::sim {
namespace {

constexpr int kCharacterBits = 10;
// Sampled in the middle of each bit, the stop bit is missed where ten bits are off by half a bit.
constexpr double kTolerance = 0.5 / kCharacterBits;

sc_core::sc_time character_time(double baud) { return {kCharacterBits / baud, sc_core::SC_SEC}; }

}  // namespace

CharacterLine::CharacterLine(sc_core::sc_module_name name, LinkDevice& device, double device_baud)
    : sc_module(name), device_(device), device_baud_(device_baud), baud_(device_baud) {
  SC_HAS_PROCESS(CharacterLine);
  SC_THREAD(drive);
  SC_THREAD(listen);
}

bool CharacterLine::rates_agree() const { return std::abs(baud_ / device_baud_ - 1) < kTolerance; }

void CharacterLine::send(std::span<const uint8_t> bytes) {
  to_device_.insert(to_device_.end(), bytes.begin(), bytes.end());
  start_.notify(sc_core::SC_ZERO_TIME);
}

void CharacterLine::drive() {
  while (true) {
    while (to_device_.empty()) wait(start_);
    wait(character_time(baud_));
    const uint8_t character = to_device_.front();
    to_device_.pop_front();
    if (link_sel.read()) continue;
    if (rates_agree())
      device_.receive(character);
    else
      device_.receive_damaged();
  }
}

void CharacterLine::listen() {
  while (true) {
    const std::optional<uint8_t> character =
        link_sel.read() ? std::nullopt : device_.next_character();
    sending_ = character.has_value();
    if (!character) {
      wait(device_.progress());
      continue;
    }
    wait(character_time(device_baud_));
    if (rates_agree()) from_device_.push_back(*character);
  }
}

}  // namespace crucible::sim
