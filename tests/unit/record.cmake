crucible_test(record_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/record_test.cpp DEPENDS crucible_record LABELS unit)
