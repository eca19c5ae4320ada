# What a failing RTL test leaves behind: a program that fails on purpose, and the test around it.
set(dir ${CMAKE_CURRENT_LIST_DIR})
add_executable(planted_failure ${dir}/planted_failure.cpp ${CMAKE_SOURCE_DIR}/tests/cosim/faulty_tiny.cpp
  ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp)
target_link_libraries(planted_failure PRIVATE crucible_flags cim_faulty_top crucible_rtl GTest::gtest GTest::gtest_main)
add_test(NAME waves.AFailureLeavesItsWave
  COMMAND ${CRUCIBLE_PYTHON} -B ${dir}/failure_wave_test.py $<TARGET_FILE:planted_failure>)
set_tests_properties(waves.AFailureLeavesItsWave PROPERTIES TIMEOUT 120 LABELS cosim)
