# Effects on the command line: in the process, with bad input, and on the board.
foreach(class Effects EffectsBadInput EffectsOnTheBoard)
  add_test(NAME cli.${class}
    COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_effects_test.py ${class}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(cli.${class} PROPERTIES TIMEOUT 300 LABELS cosim
    ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>;CRUCIBLE_BOARD=$<TARGET_FILE:crucible-board>")
endforeach()
