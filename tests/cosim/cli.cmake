# The program from the outside. One ctest a class, so that they run side by side.
set(suites run:SmallRun verify:StoredRun search:Search board:OnTheBoard import:Import mvm:Mvm bad_input:BadInput
    device:WrongDevice own_board:OwnBoard card:Card record:Recordings fpga_board:FpgaBoard)
if(CRUCIBLE_PICORV32 AND TARGET firmware)
  list(APPEND suites on_board:OnBoard everywhere:Everywhere)
endif()
foreach(suite ${suites})
  string(REPLACE ":" ";" suite ${suite})
  list(GET suite 0 file)
  list(GET suite 1 class)
  add_test(NAME cli.${class}
    COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_${file}_test.py ${class}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(cli.${class} PROPERTIES TIMEOUT 300 LABELS cosim
    ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>;CRUCIBLE_BOARD=$<TARGET_FILE:crucible-board>")
endforeach()
