crucible_test(data_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/idx_test.cpp ${CMAKE_SOURCE_DIR}/tests/unit/strokes_test.cpp
  DEPENDS crucible_data LABELS unit-threads)
