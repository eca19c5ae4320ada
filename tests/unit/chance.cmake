crucible_test(chance_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/chance_intervals_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/chance_subset_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/chance_chips_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/worker_team.cpp
  DEPENDS crucible_chance LABELS unit-threads)
