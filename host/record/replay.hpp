// Plays a recording against a device and finds where it first answers otherwise.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/port/i_port.hpp"
#include "host/record/recording.hpp"

namespace crucible::record {

/// Words that count clock cycles in some answers only: what a program on the device writes.
class ITimes {
 public:
  virtual ~ITimes() = default;
  /// Sees every transaction that is played, in order.
  virtual void note(const Transaction& played) = 0;
  /// Whether word `word` of a read with these answers counts clock cycles.
  [[nodiscard]] virtual bool is_time(const Transaction& read, size_t word) const = 0;
};

struct ReplayOptions {
  /// A read of registers that shows something else is repeated for so long, and on while the device
  /// has had less than twice the clock cycles that the recorded one took.
  std::chrono::milliseconds patience{5'000};
  /// Called with the number of transactions now and then; false ends the replay.
  std::function<bool(uint64_t done)> progress = {};
  ITimes* times = nullptr;  ///< beside the registers of is_time(); null: none
};

/// The first transaction that the device answered otherwise.
struct Divergence {
  uint64_t number = 0;  ///< of the transaction, from 1
  Transaction expected, found;
  size_t word = 0;  ///< of its words, the first that differs; 0 where the statuses differ
  /// The device's cycle at the first look, of a read that was repeated; 0: there was one look.
  uint64_t first_look = 0;
  std::string place;                ///< "0x02000040 (OFFSET word 16), bank 0, row 4, column 2"
  std::vector<std::string> before;  ///< the last transactions, oldest first, this one included
};

struct ReplayResult {
  uint64_t transactions = 0;  ///< played
  uint64_t polls = 0;         ///< of them reads that were repeated when recorded, and not played
  std::optional<Divergence> divergence;
  bool cut = false;  ///< the recording ends in mid-record
};

/// Counts clock cycles, so it differs between devices and is not compared.
[[nodiscard]] bool is_time(uint32_t address);

/// Throws crucible::Error: kMismatch naming both sides where map or configuration of the device are
/// not the recording's, kData for a damaged file, and what the port throws but for refusals, which
/// are answers.
[[nodiscard]] ReplayResult replay(Reader& recording, port::IPort& port,
                                  const ReplayOptions& options = {});

/// For a person: what differs, where, and what came before. `target`: address of the device.
[[nodiscard]] std::string describe(const Divergence& divergence, const Header& header,
                                   const std::string& target);

}  // namespace crucible::record
