crucible_test(search_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp ${CMAKE_SOURCE_DIR}/tests/unit/float_twin_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/search_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/search_exhaustive_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/search_parts_test.cpp
  DEPENDS crucible_search LABELS unit-threads)
