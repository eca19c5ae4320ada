add_test(NAME cli.Sensitivity
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_sensitivity_test.py Sensitivity
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(cli.Sensitivity PROPERTIES TIMEOUT 300 LABELS cosim ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>")
