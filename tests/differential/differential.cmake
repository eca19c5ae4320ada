# The suites of the RTL on Verilator -O3, Verilator -O0 and yosys' CXXRTL in lockstep, every pin in every cycle.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
find_program(CRUCIBLE_YOSYS yosys REQUIRED)
find_path(CRUCIBLE_CXXRTL_INCLUDE backends/cxxrtl/cxxrtl.h PATHS /usr/share/yosys/include /usr/local/share/yosys/include)
if(NOT CRUCIBLE_CXXRTL_INCLUDE)
  message(STATUS "CXXRTL's header is not installed (Debian package yosys-dev): no test-differential")
  return()
endif()
file(GLOB_RECURSE rtl CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/*.f)
set(models)
foreach(config tiny small)
  set(parameters ${CMAKE_SOURCE_DIR}/rtl/gen/cim_config_${config}.f)
  set(all ${CMAKE_CURRENT_BINARY_DIR}/unoptimised_${config}.f)
  file(READ ${parameters} values)
  file(CONFIGURE OUTPUT ${all} CONTENT "-O0\n${values}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${parameters})
  crucible_verilated_model(cim_unoptimised_${config} Vcim_unoptimised_${config} cim_top ${all} OPTIMISE -O1)
  set(code ${CMAKE_CURRENT_BINARY_DIR}/cxxrtl/cxxrtl_${config}.cc)
  add_custom_command(OUTPUT ${code}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/cxxrtl
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/write_cxxrtl.sh ${config} ${code}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DEPENDS ${rtl} ${CMAKE_SOURCE_DIR}/scripts/write_cxxrtl.sh
    COMMENT "Writing ${config} as CXXRTL" VERBATIM)
  add_library(cim_cxxrtl_${config} STATIC ${code})
  set_source_files_properties(${code} PROPERTIES COMPILE_OPTIONS "-O1;-w")
  target_include_directories(cim_cxxrtl_${config} SYSTEM PUBLIC ${CRUCIBLE_CXXRTL_INCLUDE} ${CMAKE_CURRENT_BINARY_DIR}/cxxrtl)
  list(APPEND models cim_top_${config} cim_unoptimised_${config} cim_cxxrtl_${config})
endforeach()
set(equiv ${CMAKE_SOURCE_DIR}/tests/equiv)
crucible_test(differential_test
  SOURCES ${dir}/lockstep_top.cpp ${dir}/lockstep_configs.cpp ${dir}/lockstep_test.cpp
    ${equiv}/tile_equivalence_test.cpp ${equiv}/identity_test.cpp ${equiv}/tile_device.cpp ${equiv}/random_case.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp
    ${CMAKE_SOURCE_DIR}/tests/cosim/link_protocol_test.cpp ${CMAKE_SOURCE_DIR}/tests/cosim/uart_pins_test.cpp
  DEPENDS ${models} crucible_rtl_ports crucible_models
  LABELS differential TIMEOUT 900)
