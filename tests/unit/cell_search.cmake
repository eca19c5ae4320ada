crucible_test(cell_search_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp ${CMAKE_SOURCE_DIR}/tests/unit/cell_search_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/worker_team.cpp
  DEPENDS crucible_experiment LABELS unit-threads)
