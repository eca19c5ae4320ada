# The program from the outside. One ctest a class, so that they run side by side.
foreach(suite SmallRun OnTheBoard Import Mvm BadInput)
  add_test(NAME cli.${suite}
    COMMAND ${CRUCIBLE_PYTHON} ${CMAKE_SOURCE_DIR}/tests/cosim/cli_test.py ${suite}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(cli.${suite} PROPERTIES TIMEOUT 300 LABELS cosim
    ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>;CRUCIBLE_BOARD=$<TARGET_FILE:crucible-board>")
endforeach()
