# The suite against the mutated netlist of tiny. Not built by default: `make mutation` builds and runs it.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
set(out ${CMAKE_BINARY_DIR}/mutation)

file(GLOB_RECURSE rtl CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/*.f)
file(GLOB in_use CONFIGURE_DEPENDS ${dir}/*_in_use.sv)
add_custom_command(
  OUTPUT ${out}/mutated.v
  COMMAND ${CRUCIBLE_PYTHON} -B ${dir}/netlist.py --out ${out}
  DEPENDS ${rtl} ${dir}/netlist.py ${in_use}
  COMMENT "Mutating tiny" VERBATIM)

crucible_verilated_model(cim_mutated Vcim_mutated cim_mutated_top ${dir}/netlist.f
  SOURCES ${out}/mutated.v ${dir}/cim_mutated_top.sv)
set(equiv ${CMAKE_SOURCE_DIR}/tests/equiv)
set(cosim ${CMAKE_SOURCE_DIR}/tests/cosim)
add_executable(mutation_suite ${dir}/mutation_main.cpp ${dir}/mutated_top.cpp
  ${equiv}/identity_test.cpp ${cosim}/link_protocol_test.cpp ${cosim}/uart_pins_test.cpp
  ${equiv}/tile_equivalence_test.cpp ${equiv}/tile_device.cpp ${equiv}/random_case.cpp
  ${cosim}/device_model_test.cpp ${cosim}/every_bit_test.cpp ${cosim}/link_damage_test.cpp ${cosim}/reset_test.cpp ${cosim}/rtl_port_test.cpp
  ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp)
target_link_libraries(mutation_suite PRIVATE cim_mutated crucible_rtl_ports port_conformance crucible_models GTest::gtest)
set_target_properties(cim_mutated mutation_suite PROPERTIES EXCLUDE_FROM_ALL ON)

add_test(NAME mutation.Prover COMMAND ${CRUCIBLE_PYTHON} -B ${dir}/equivalence_test.py)
set_tests_properties(mutation.Prover PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300 LABELS formal)
