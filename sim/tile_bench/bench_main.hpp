// The bench's main, without the tile: make_tile() comes from the source that is compiled beside the
// user's tile.
#pragma once

namespace crucible::sim {

/// Exit code 0: passed; 1: failed; 2: it could not run.
int bench_main(int argc, char** argv);

}  // namespace crucible::sim
