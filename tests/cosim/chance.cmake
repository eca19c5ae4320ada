add_test(NAME cli.Chance
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_chance_test.py Chance
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(cli.Chance PROPERTIES TIMEOUT 300 LABELS cosim ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>")
