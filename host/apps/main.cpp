// The program `crucible`: one command a file under commands/.
#include <cstdio>
#include <exception>

#include "host/apps/command.hpp"
#include "models/error.hpp"

int main(int argc, char** argv) {
  try {
    crucible::apps::Program program;
    crucible::apps::add_commands(program);
    return program.run(argc, argv);
  } catch (const std::exception& error) {
    std::fputs("crucible: error: ", stderr);
    std::fputs(error.what(), stderr);
    std::fputc('\n', stderr);
    return static_cast<int>(crucible::ErrorKind::kInternal);
  }
}
