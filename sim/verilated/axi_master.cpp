#include "sim/verilated/axi_master.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::sim {
namespace {

void require(bool kept, const char* rule, uint32_t address) {
  if (kept) return;
  throw Error(ErrorKind::kMismatch,
              fmt::format("AXI slave, transaction at 0x{:x}: {}", address, rule));
}

}  // namespace

bool AxiMaster::chance() {
  return idle_ > 0 && static_cast<double>(random_() >> 11) * 0x1p-53 < idle_;
}

/// What is offered stays on offer until it is taken.
void AxiMaster::offer(bool& valid, bool left) { valid = valid || (left && !chance()); }

void AxiMaster::step(int& patience, uint32_t address) {
  if (--patience < 0) {
    throw Error(ErrorKind::kTimeout,
                fmt::format("AXI slave: no answer to the transaction at 0x{:x} within {} clocks",
                            address, kPatience));
  }
  clock_();
}

bool AxiMaster::write(uint32_t address, std::span<const uint32_t> words, Shape shape) {
  ++number_;
  AxiPins::Port& p = port_;
  bool address_left = true;
  size_t sent = 0;
  int patience = kPatience;
  while (true) {
    offer(p.aw.valid, address_left);
    p.aw.address = address;
    p.aw.length = static_cast<uint8_t>(words.size() - 1);
    p.aw.size = shape.size;
    p.aw.burst = shape.burst;
    p.aw.number = number_ & 0xF;
    offer(p.w.valid, sent < words.size());
    p.w.data = sent < words.size() ? words[sent] : 0;
    p.w.strobes = shape.strobes;
    p.w.last = sent + 1 == words.size();
    p.b.ready = !chance();
    step(patience, address);
    require(!p.b.valid || (!address_left && sent == words.size()),
            "a response before all of the burst was taken", address);
    if (p.b.valid && p.b.ready) break;
    if (p.aw.valid && p.aw.ready) p.aw.valid = address_left = false;
    if (p.w.valid && p.w.ready) {
      p.w.valid = false;
      ++sent;
    }
  }
  require(p.b.number == (number_ & 0xF), "the response has another number", address);
  require(p.b.response == kOkay || p.b.response == kSlaveError, "an unknown response", address);
  const bool good = p.b.response == kOkay;
  p.b.ready = false;
  return good;
}

bool AxiMaster::read(uint32_t address, std::span<uint32_t> words, Shape shape) {
  ++number_;
  AxiPins::Port& p = port_;
  bool address_left = true, good = true;
  size_t got = 0;
  int patience = kPatience;
  while (got < words.size()) {
    offer(p.ar.valid, address_left);
    p.ar.address = address;
    p.ar.length = static_cast<uint8_t>(words.size() - 1);
    p.ar.size = shape.size;
    p.ar.burst = shape.burst;
    p.ar.number = number_ & 0xF;
    p.r.ready = !chance();
    step(patience, address);
    require(!p.r.valid || !address_left, "a word before the address was taken", address);
    if (p.ar.valid && p.ar.ready) p.ar.valid = address_left = false;
    if (!p.r.valid || !p.r.ready) continue;
    require(p.r.number == (number_ & 0xF), "the word has another number", address);
    require(p.r.last == (got + 1 == words.size()), "RLAST is not on the last word", address);
    require(p.r.response == kOkay || p.r.response == kSlaveError, "an unknown response", address);
    good = good && p.r.response == kOkay;
    words[got++] = p.r.data;
  }
  p.r.ready = false;
  return good;
}

}  // namespace crucible::sim
