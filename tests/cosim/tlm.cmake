# The TLM-2.0 board: what every device must do, and equality with the Verilated board.
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_test(tlm_port_test SOURCES ${dir}/tlm_port_test.cpp DEPENDS port_conformance crucible_port LABELS cosim TIMEOUT 120)
crucible_test(tlm_equivalence_test SOURCES ${dir}/tlm_equivalence_test.cpp
  DEPENDS crucible_port crucible_link LABELS cosim TIMEOUT 180)
foreach(test tlm_port_test tlm_equivalence_test)
  target_compile_definitions(${test} PRIVATE CRUCIBLE_CONTROLLER=$<BOOL:${CRUCIBLE_PICORV32}>)
  add_dependencies(${test} crucible-board)
endforeach()
if(NOT CRUCIBLE_PICORV32)
  crucible_skipped_test(TlmBoard.CoresNeedPicoRV32 cosim ${CRUCIBLE_PICORV32_MISSING})
endif()
