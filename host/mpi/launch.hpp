// How this process was started: alone, or by mpirun as one of many. Reads the environment and calls
// nothing of MPI: a process that was started alone never does.
#pragma once

namespace crucible::mpi {

struct Launch {
  int rank = 0;
  int size = 1;
  int neighbours = 1;  ///< processes on this machine, this one included
};

/// As Open MPI's mpirun tells each process that it starts.
[[nodiscard]] Launch launch_of_environment();

}  // namespace crucible::mpi
