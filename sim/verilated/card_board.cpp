#include "sim/verilated/card_board.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::sim {

void run_card_board(IRtlCard& card, IHostSide& host, uint64_t max_cycles) {
  constexpr int kBatch = 256;  // clocks between two looks at the bus
  constexpr std::chrono::milliseconds kLongestSleep{100};
  while (true) {
    host.poll();
    if (host.stop_requested()) return;
    card.require_no_assertion_failures();
    if (max_cycles != 0 && card.cycle() >= max_cycles)
      throw Error(ErrorKind::kTimeout,
                  fmt::format("the board ended after {} device cycles (limit {}): raise "
                              "--max-cycles",
                              card.cycle(), max_cycles));
    if (card.settled())
      host.wait(kLongestSleep);
    else
      card.run(kBatch);
  }
}

}  // namespace crucible::sim
