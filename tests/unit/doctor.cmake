crucible_test(doctor_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/doctor_test.cpp DEPENDS crucible_doctor LABELS unit)
