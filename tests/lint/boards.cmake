# The folders of boards/, without a bitstream (those: make test-boards).
add_test(NAME boards.folders COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/lint/boards_test.py)
set_tests_properties(boards.folders PROPERTIES TIMEOUT 600 LABELS lint)
