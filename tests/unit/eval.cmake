crucible_test(eval_test SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/eval_test.cpp ${CMAKE_SOURCE_DIR}/tests/unit/worker_team.cpp
  DEPENDS crucible_eval LABELS unit-threads)
