# The tops of boards as RTL: pins, power-on reset and baud rate, under the suite that their netlists run.
include(CrucibleNetlistBoard)
function(crucible_board_top board module config)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${board})
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/board.py sources ${board} --out ${out}
    OUTPUT_VARIABLE files OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB own CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/boards/${board}/board.yaml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${own} ${CMAKE_SOURCE_DIR}/scripts/board.py
    ${CMAKE_SOURCE_DIR}/scripts/board_folder.py ${CMAKE_SOURCE_DIR}/rtl/gen/cim_config_${config}.f)
  file(CONFIGURE OUTPUT ${out}/arguments.f CONTENT "-I${out}\n-f rtl/files.f\nboards/common/cim_power_on.sv\n" @ONLY)
  crucible_netlist_board(${module}_board ${config} ${module} ${out}/arguments.f
    ${CMAKE_SOURCE_DIR}/boards/${board}/${module}.sv)
  crucible_netlist_test(${module}_test ${config} ${module}_board cosim)
endfunction()
crucible_board_top(icebreaker cim_icebreaker nano)
crucible_board_top(ice40-hx8k cim_ice40_hx8k tiny)
