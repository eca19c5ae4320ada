crucible_test(train_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/train_hardening_test.cpp
          ${CMAKE_SOURCE_DIR}/tests/unit/train_test.cpp
  DEPENDS crucible_train LABELS unit-threads)
