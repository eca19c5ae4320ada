add_test(NAME cli.Compare
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_compare_test.py Compare
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(cli.Compare PROPERTIES TIMEOUT 300 LABELS cosim ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>")
