# The tile alone, its job port driven back to back: two converters and every effect in the size of `full`, one converter without
# effects, two converters over one set of sums.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
set(models)
foreach(shape pairs plain shared)
  crucible_verilated_model(cim_tile_${shape} Vcim_tile_${shape} cim_tile ${dir}/tile_jobs_${shape}.f)
  list(APPEND models cim_tile_${shape})
endforeach()
crucible_test(tile_jobs_test
  SOURCES ${dir}/tile_jobs_test.cpp ${dir}/random_case.cpp
  DEPENDS crucible_spec crucible_models ${models} fmt::fmt
  LABELS equiv TIMEOUT 120)
