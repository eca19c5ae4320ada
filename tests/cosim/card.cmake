# The RTL card's ports alone, beside the loosely timed card.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_verilated_model(cim_card Vcim_card cim_card ${dir}/card.f)
crucible_test(card_rtl_test
  SOURCES ${dir}/card_rtl_test.cpp
  DEPENDS crucible_rtl_ports crucible_card cim_card
  LABELS cosim TIMEOUT 120)

# The whole card: ports, rings, link, controller and tile.
if(CRUCIBLE_PICORV32)
  crucible_test(card_port_test
    SOURCES ${dir}/card_port_test.cpp
    DEPENDS crucible_rtl_ports port_conformance card_conformance cim_pcie_small_soc
    LABELS cosim TIMEOUT 180)
else()
  crucible_skipped_test(card_port_test cosim ${CRUCIBLE_PICORV32_MISSING})
endif()
