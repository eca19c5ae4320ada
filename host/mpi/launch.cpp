#include "host/mpi/launch.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace crucible::mpi {

namespace {

int number_in(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  int value = otherwise;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), value);
  return value;
}

}  // namespace

Launch launch_of_environment() {
  return {.rank = number_in("OMPI_COMM_WORLD_RANK", 0),
          .size = number_in("OMPI_COMM_WORLD_SIZE", 1),
          .neighbours = number_in("OMPI_COMM_WORLD_LOCAL_SIZE", 1)};
}

}  // namespace crucible::mpi
