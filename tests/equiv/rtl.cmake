# The RTL against the twin, through the registers.
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_test(rtl_equivalence_test
  SOURCES ${dir}/tile_equivalence_test.cpp ${dir}/chip_equivalence_test.cpp ${dir}/identity_test.cpp ${dir}/tile_device.cpp ${dir}/random_case.cpp
    ${CMAKE_SOURCE_DIR}/tests/rtl/named_configs.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp
  DEPENDS crucible_rtl crucible_models
  LABELS equiv TIMEOUT 300)
