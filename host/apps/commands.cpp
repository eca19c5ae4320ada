// Which commands there are, in the order in which the help lists them.
#include "host/apps/command.hpp"

namespace crucible::apps {

void add_commands(Program& program) {
  add_run(program);
  add_search(program);
  add_sweep(program);
  add_compare(program);
  add_sensitivity(program);
  add_chance(program);
  add_chips(program);
  add_certify(program);
  add_write_verify(program);
  add_eval(program);
  add_train(program);
  add_import(program);
  add_mvm(program);
  add_program(program);
  add_verify(program);
  add_self_test(program);
  add_regress(program);
  add_board(program);
  add_doctor(program);
  add_record(program);
  add_replay(program);
  add_info(program);
}

}  // namespace crucible::apps
