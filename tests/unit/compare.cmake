crucible_test(compare_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/compare_test.cpp ${CMAKE_SOURCE_DIR}/tests/unit/write_verify_study_test.cpp
  DEPENDS crucible_experiment LABELS unit-threads)
