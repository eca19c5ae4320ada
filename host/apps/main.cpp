// The program `crucible`: one command a file under commands/.
#include <cstdio>
#include <exception>

#include "host/apps/command.hpp"
#include "models/error.hpp"

int main(int argc, char** argv) {
  try {
    crucible::apps::Program program;
    crucible::apps::add_run(program);
    crucible::apps::add_search(program);
    crucible::apps::add_sweep(program);
    crucible::apps::add_compare(program);
    crucible::apps::add_sensitivity(program);
    crucible::apps::add_chance(program);
    crucible::apps::add_chips(program);
    crucible::apps::add_certify(program);
    crucible::apps::add_write_verify(program);
    crucible::apps::add_eval(program);
    crucible::apps::add_train(program);
    crucible::apps::add_import(program);
    crucible::apps::add_mvm(program);
    crucible::apps::add_program(program);
    crucible::apps::add_verify(program);
    crucible::apps::add_self_test(program);
    crucible::apps::add_regress(program);
    crucible::apps::add_info(program);
    return program.run(argc, argv);
  } catch (const std::exception& error) {
    std::fputs("crucible: error: ", stderr);
    std::fputs(error.what(), stderr);
    std::fputc('\n', stderr);
    return static_cast<int>(crucible::ErrorKind::kInternal);
  }
}
