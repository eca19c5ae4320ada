#include "sim/tile_bench/lockstep_tile.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crucible::sim {

LockstepTile::LockstepTile(uint64_t seed)
    : first_(make_tile(4 * seed + 1)),
      second_(make_tile(4 * seed + 3))  // odd: make_tile() sets the last bit
{}

TileOutputs LockstepTile::clock(const TileInputs& inputs) {
  const TileOutputs a = first_->clock(inputs);
  const TileOutputs b = second_->clock(inputs);
  if (inputs.rst_n && difference_.empty()) compare(a, b);
  std::rotate(reads_.begin(), reads_.end() - 1, reads_.end());
  reads_.front() = inputs.mem_req && !inputs.mem_we;
  ++cycle_;
  return a;
}

void LockstepTile::compare(const TileOutputs& a, const TileOutputs& b) {
  const auto differs = [&](const char* port, uint64_t x, uint64_t y) {
    if (x == y || !difference_.empty()) return;
    difference_ = fmt::format(
        "{} is {:#x} in one run and {:#x} in the other in cycle {}: it depends on a register or "
        "memory that nothing has initialised",
        port, x, y, cycle_);
  };
  differs("busy_o", a.busy, b.busy);
  differs("job_ready_o", a.job_ready, b.job_ready);
  differs("mem_rvalid_o", a.mem_rvalid, b.mem_rvalid);
  if (a.mem_rvalid && reads_.back()) differs("mem_rdata_o", a.mem_rdata, b.mem_rdata);
  size_t word = 0;
  for (const models::PortGroup& group : models::port_groups()) {
    for (const models::OutputPort& port : group.outputs) {
      differs(port.name, a.events[word], b.events[word]);
      word += static_cast<size_t>(models::port_words(port.bits));
    }
  }
}

}  // namespace crucible::sim
