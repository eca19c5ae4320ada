crucible_test(sensitivity_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/sensitivity_map_test.cpp ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp
  DEPENDS crucible_experiment LABELS unit-threads)
