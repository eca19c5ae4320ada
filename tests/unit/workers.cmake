crucible_test(workers_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp ${CMAKE_SOURCE_DIR}/tests/unit/worker_team.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/workers_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/shared_search_test.cpp
  DEPENDS crucible_search LABELS unit-threads)
