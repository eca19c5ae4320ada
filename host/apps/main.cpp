// The program `crucible`: one command a file under commands/.
#include "host/apps/command.hpp"

int main(int argc, char** argv) {
  crucible::apps::Program program;
  crucible::apps::add_run(program);
  crucible::apps::add_search(program);
  crucible::apps::add_eval(program);
  crucible::apps::add_train(program);
  crucible::apps::add_import(program);
  crucible::apps::add_mvm(program);
  crucible::apps::add_program(program);
  crucible::apps::add_verify(program);
  crucible::apps::add_info(program);
  return program.run(argc, argv);
}
