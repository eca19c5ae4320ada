# A board's top, as RTL or as a netlist, in the board process, and the suite that drives it over its UART pins.
include(CrucibleVerilator)
set(CRUCIBLE_BOARD_TESTS ${CMAKE_SOURCE_DIR}/tests/boards)
set(CRUCIBLE_BOARD_SUITE ${CRUCIBLE_BOARD_TESTS}/board_test.cpp ${CMAKE_SOURCE_DIR}/tests/equiv/random_case.cpp
  ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp)
set(CRUCIBLE_NETLIST_SUITE ${CRUCIBLE_BOARD_SUITE} ${CRUCIBLE_BOARD_TESTS}/attached_netlist.cpp
  ${CMAKE_SOURCE_DIR}/tests/cosim/board_program.cpp)
set(CRUCIBLE_BOARD_LIBRARIES crucible_record crucible_driver crucible_eval crucible_search crucible_port crucible_models)

# crucible_netlist_board(NAME CONFIG MODULE ARGUMENTS SOURCE ...): the program NAME, the SystemC board around the module. ARGUMENTS
# is a file of Verilator's arguments.
function(crucible_netlist_board name config module arguments)
  crucible_verilated_model(${name}_model V${module} ${module} ${arguments} SOURCES ${ARGN} OPTIMISE -O1)
  add_executable(${name} ${CRUCIBLE_BOARD_TESTS}/netlist_main.cpp ${CRUCIBLE_BOARD_TESTS}/netlist_top.cpp)
  target_link_libraries(${name} PRIVATE crucible_flags ${name}_model crucible_bridge crucible_board_model CLI11::CLI11
    nlohmann_json::nlohmann_json fmt::fmt)
  target_compile_definitions(${name} PRIVATE CRUCIBLE_TOP=V${module} CRUCIBLE_TOP_HEADER="V${module}.h"
    CRUCIBLE_TOP_CONFIG="${config}")
endfunction()

function(crucible_suite_starts name config program)
  target_compile_definitions(${name} PRIVATE CRUCIBLE_BOARD_PROGRAM="$<TARGET_FILE:${program}>"
    CRUCIBLE_NETLIST_CONFIG="${config}")
  add_dependencies(${name} ${program})
endfunction()

# crucible_netlist_test(NAME CONFIG PROGRAM LABEL): the suite must pass.
function(crucible_netlist_test name config program label)
  crucible_test(${name} SOURCES ${CRUCIBLE_NETLIST_SUITE} DEPENDS ${CRUCIBLE_BOARD_LIBRARIES} LABELS ${label} TIMEOUT 600
    PREFIX ${name}.)
  crucible_suite_starts(${name} ${config} ${program})
endfunction()

# crucible_fault_test(NAME CONFIG PROGRAM LABEL): products must differ, and nothing else is asked.
function(crucible_fault_test name config program label)
  add_executable(${name} ${CRUCIBLE_NETLIST_SUITE})
  target_link_libraries(${name} PRIVATE crucible_flags ${CRUCIBLE_BOARD_LIBRARIES} GTest::gtest GTest::gtest_main)
  crucible_suite_starts(${name} ${config} ${program})
  add_test(NAME ${label}.${name} COMMAND ${name} --gtest_filter=*MultipliesRandomArrays* WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${label}.${name} PROPERTIES LABELS ${label} TIMEOUT 600
    PASS_REGULAR_EXPRESSION "Expected equality.*FAILED.*MultipliesRandomArraysAsTheModelDoes")
  add_dependencies(tests-${label} ${name})
endfunction()
