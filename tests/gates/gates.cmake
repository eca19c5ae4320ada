# The netlist of `tiny`, as yosys maps it for an iCE40, with yosys' simulation cells: the suites that the RTL runs.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
find_program(CRUCIBLE_YOSYS yosys REQUIRED)
find_file(CRUCIBLE_ICE40_CELLS yosys/ice40/cells_sim.v PATHS /usr/share /usr/local/share REQUIRED)
set(synthesis ${CMAKE_BINARY_DIR}/synthesis)
file(GLOB_RECURSE rtl CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/*.f)
add_custom_command(OUTPUT ${synthesis}/tiny-synth_ice40.json
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/scripts/synthesis.py tiny:iCE40HX8K-CT256 --out ${synthesis}
  DEPENDS ${rtl} ${CMAKE_SOURCE_DIR}/scripts/synthesis.py ${CMAKE_SOURCE_DIR}/scripts/mapping.py
  COMMENT "Synthesising tiny for an iCE40" VERBATIM)
# One wire a bit: vectors would make loops in Verilator's eyes where there are none.
add_custom_command(OUTPUT ${synthesis}/tiny-gates.v
  COMMAND ${CRUCIBLE_YOSYS} -q -p "read_json ${synthesis}/tiny-synth_ice40.json; \
rename -hide cim_top/w:* cim_top/x:* %d cim_top/t:* %u; splitnets; write_verilog -noattr ${synthesis}/tiny-gates.v"
  DEPENDS ${synthesis}/tiny-synth_ice40.json VERBATIM)
crucible_verilated_model(cim_gates_tiny Vcim_gates_tiny cim_top ${dir}/gates.f
  SOURCES ${dir}/gates.vlt ${CRUCIBLE_ICE40_CELLS} ${synthesis}/tiny-gates.v OPTIMISE -O1)
set(equiv ${CMAKE_SOURCE_DIR}/tests/equiv)
set(cosim ${CMAKE_SOURCE_DIR}/tests/cosim)
crucible_test(gates_test
  SOURCES ${dir}/gate_top.cpp ${equiv}/tile_equivalence_test.cpp ${equiv}/identity_test.cpp ${equiv}/tile_device.cpp
    ${equiv}/random_case.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp ${cosim}/link_protocol_test.cpp ${cosim}/link_damage_test.cpp ${cosim}/uart_pins_test.cpp
  DEPENDS cim_gates_tiny crucible_rtl_ports crucible_models
  LABELS gates TIMEOUT 600)
