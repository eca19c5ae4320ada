# The register block alone, shortly before its cycle counter carries.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_verilated_model(cim_regs_late Vcim_regs_late cim_regs ${dir}/regs_late.f)
crucible_test(cycle_counter_test
  SOURCES ${dir}/cycle_counter_test.cpp
  DEPENDS crucible_spec cim_regs_late
  LABELS cosim TIMEOUT 60)
