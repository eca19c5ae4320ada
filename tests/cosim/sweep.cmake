add_test(NAME cli.Sweep
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_sweep_test.py Sweep
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(cli.Sweep PROPERTIES TIMEOUT 300 LABELS cosim ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>")
