add_test(NAME cli.WriteVerify
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_write_verify_test.py WriteVerify
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(cli.WriteVerify PROPERTIES TIMEOUT 300 LABELS cosim ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>")
