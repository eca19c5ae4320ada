# The layer engine alone, between a board memory that lets it wait and a tile that takes its time, beside its C++ twin.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_verilated_model(cim_engine_block Vcim_engine cim_engine ${dir}/engine_block.f)
crucible_test(engine_block_test
  SOURCES ${dir}/engine_block_test.cpp ${dir}/engine_networks.cpp ${dir}/engine_stand_in.cpp
  DEPENDS crucible_models cim_engine_block fmt::fmt
  LABELS equiv TIMEOUT 120)
