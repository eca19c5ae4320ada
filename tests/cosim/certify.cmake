# `crucible certify` from the outside.
add_test(NAME cli.Certify
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_certify_test.py Certify
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(cli.Certify PROPERTIES TIMEOUT 300 LABELS cosim
  ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>;CRUCIBLE_BOARD=$<TARGET_FILE:crucible-board>")
