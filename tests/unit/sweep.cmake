crucible_test(sweep_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/sweep_grid_test.cpp
  DEPENDS crucible_experiment LABELS unit-threads)
