// AXI masters for a card's two ports, one transaction at a time, with channels that wait at random.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <span>

namespace crucible::sim {

/// Levels of both ports, in the names of the specification. Inputs of the card are set before a
/// clock, outputs are those just before its rising edge.
struct AxiPins {
  struct Address {
    bool valid = false, ready = false;
    uint32_t address = 0;
    uint8_t length = 0;  ///< AXI4: words less one
    uint8_t size = 2;    ///< AXI4: log2 of the bytes of a beat
    uint8_t burst = 1;   ///< AXI4: 1 is incrementing
    uint8_t number = 0;  ///< AXI4: the transaction's
  };
  struct Port {
    Address aw, ar;
    struct {
      bool valid = false, ready = false, last = true;
      uint32_t data = 0;
      uint8_t strobes = 0xF;
    } w;
    struct {
      bool valid = false, ready = false;
      uint8_t number = 0, response = 0;
    } b;
    struct {
      bool valid = false, ready = false, last = false;
      uint8_t number = 0, response = 0;
      uint32_t data = 0;
    } r;
  };
  Port lite;  ///< BAR0, AXI4-Lite
  Port full;  ///< BAR2, AXI4
};

/// Runs transactions to their end. Everything that waits at random follows from the seed.
class AxiMaster {
 public:
  /// `clock` runs one clock cycle with the pins as they are, then sets the outputs' side of them.
  AxiMaster(AxiPins::Port& port, std::function<void()> clock, double idle, uint64_t seed)
      : port_(port), clock_(std::move(clock)), idle_(idle), random_(seed) {}

  struct Shape {
    uint8_t size = 2, burst = 1;
    uint8_t strobes = 0xF;
  };
  /// Up to 256 words as one burst; AXI4-Lite: one word. Returns whether every word was served.
  /// Throws crucible::Error: kTimeout after kPatience clocks, kMismatch when the slave breaks a
  /// rule of AXI.
  [[nodiscard]] bool write(uint32_t address, std::span<const uint32_t> words, Shape shape);
  [[nodiscard]] bool read(uint32_t address, std::span<uint32_t> words, Shape shape);

 private:
  static constexpr int kPatience = 100'000;
  static constexpr uint8_t kOkay = 0, kSlaveError = 2;

  [[nodiscard]] bool chance();
  void offer(bool& valid, bool left);
  void step(int& patience, uint32_t address);

  AxiPins::Port& port_;
  std::function<void()> clock_;
  const double idle_;
  std::mt19937_64 random_;
  uint8_t number_ = 0;
};

}  // namespace crucible::sim
