#include "host/base/eager_wait.hpp"

#include <sched.h>

namespace crucible {

bool may_use_several_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  return ::sched_getaffinity(0, sizeof(cores), &cores) == 0 && CPU_COUNT(&cores) > 1;
}

}  // namespace crucible
