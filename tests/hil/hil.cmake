# The suites of a board on the one that is attached: CRUCIBLE_BOARD_ADDRESS=uart:/dev/ttyUSB1?baud=3000000 make test-hil. Without the
# variable every test is skipped and says why. That they pass on a good board and fail on a bad one is tested on emulated ones.
include(CrucibleNetlistBoard)
crucible_test(hil_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/attached_address.cpp ${CMAKE_CURRENT_LIST_DIR}/bring_up_test.cpp ${CRUCIBLE_BOARD_SUITE}
  DEPENDS crucible_doctor crucible_record ${CRUCIBLE_BOARD_LIBRARIES}
  LABELS hil TIMEOUT 900 LOCK board PREFIX hil.)

# crucible_hil_proof(CLASS LABEL GOOD BAD): the class of tests/hil/hil_test.py, with two boards' programs.
function(crucible_hil_proof class label good bad)
  add_test(NAME hil_proof.${class}
    COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/hil/hil_test.py ${class} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(hil_proof.${class} PROPERTIES TIMEOUT 600 LABELS ${label}
    ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>;HIL_TEST=$<TARGET_FILE:hil_test>;GOOD_BOARD=${good};BAD_BOARD=${bad}")
endfunction()
crucible_hil_proof(Emulated cosim $<TARGET_FILE:crucible-board> "")
