crucible_test(eval_test SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/eval_test.cpp DEPENDS crucible_eval LABELS unit-threads)
