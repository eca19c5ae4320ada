foreach(class Ranks RanksInTrouble)
  add_test(NAME cli.${class}
    COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_ranks_test.py ${class}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(cli.${class} PROPERTIES TIMEOUT 300 LABELS cosim
    ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>;MPIRUN=${MPIEXEC_EXECUTABLE}")
endforeach()
