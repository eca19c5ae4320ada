crucible_test(bracket_test SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/bracket_test.cpp DEPENDS crucible_experiment LABELS unit-threads)
