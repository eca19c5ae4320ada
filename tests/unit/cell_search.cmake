crucible_test(cell_search_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp ${CMAKE_SOURCE_DIR}/tests/unit/cell_search_test.cpp
  DEPENDS crucible_experiment LABELS unit-threads)
