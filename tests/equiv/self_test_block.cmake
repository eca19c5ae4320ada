# The self-test block alone, over memories and converters with planted faults: the tile's own are sound.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_verilated_model(cim_self_test Vcim_self_test cim_self_test ${dir}/self_test_block.f)
crucible_test(self_test_block_test
  SOURCES ${dir}/self_test_block_test.cpp
  DEPENDS crucible_spec cim_self_test fmt::fmt
  LABELS equiv TIMEOUT 60)
