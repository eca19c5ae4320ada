# Boards without a board: the netlist of a bitstream, in the board process, driven over its UART pins.
include(CrucibleNetlistBoard)
set(dir ${CMAKE_CURRENT_LIST_DIR})
find_file(CRUCIBLE_ICE40_CELLS yosys/ice40/cells_sim.v PATHS /usr/share /usr/local/share REQUIRED)
file(GLOB_RECURSE rtl CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/*.f)

# crucible_bitstream(BOARD): as scripts/board.py builds it.
function(crucible_bitstream board)
  set(out ${CMAKE_BINARY_DIR}/boards/${board})
  file(GLOB own CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/boards/${board}/* ${CMAKE_SOURCE_DIR}/boards/common/*)
  add_custom_command(OUTPUT ${out}/bitstream.bin ${out}/netlist.json
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/board.py bitstream ${board} --out ${out}
    DEPENDS ${rtl} ${own} COMMENT "Bitstream of ${board}" VERBATIM)
endfunction()

crucible_bitstream(ice40-hx8k)
set(out ${CMAKE_BINARY_DIR}/boards/ice40-hx8k)
set(pcf ${CMAKE_SOURCE_DIR}/boards/ice40-hx8k/ice40-hx8k.pcf)
add_custom_command(OUTPUT ${out}/bitstream.v
  COMMAND ${dir}/netlist.sh ${out}/bitstream.bin ${pcf} hx8k_bitstream ${out}/bitstream.v
  DEPENDS ${out}/bitstream.bin ${dir}/netlist.sh VERBATIM)
crucible_netlist_board(hx8k_board tiny hx8k_bitstream ${dir}/netlist.f ${CRUCIBLE_ICE40_CELLS} ${out}/bitstream.v)
crucible_netlist_test(hx8k_bitstream_test tiny hx8k_board boards)

# The same bitstream with one look-up table of the tile inverted: the suite must notice.
add_custom_command(OUTPUT ${out}/faulty.v
  COMMAND ${dir}/netlist.sh ${out}/bitstream.bin ${pcf} hx8k_faulty ${out}/faulty.v "u_tile.*acc_q"
  DEPENDS ${out}/bitstream.bin ${dir}/netlist.sh ${dir}/flip_lut.py VERBATIM)
crucible_netlist_board(hx8k_faulty_board tiny hx8k_faulty ${dir}/netlist.f ${CRUCIBLE_ICE40_CELLS} ${out}/faulty.v)
crucible_fault_test(hx8k_flipped_table_test tiny hx8k_faulty_board boards)

# What is run on a board that is attached, on that bitstream and on the faulty one.
crucible_hil_proof(Bitstream boards $<TARGET_FILE:hx8k_board> $<TARGET_FILE:hx8k_faulty_board>)
add_dependencies(tests-boards hil_test crucible)

# crucible_mapped_board(BOARD CONFIG CLOCK LABEL FOLDER CELL ...): the netlist that yosys mapped, netlist.json, with one wire a bit, as in
# tests/gates, and the suite on it. CLOCK is the pin that the test clocks, CELLs are simulation models of FOLDER's family.
find_program(CRUCIBLE_YOSYS yosys REQUIRED)
function(crucible_mapped_board board config clock label folder)
  set(out ${CMAKE_BINARY_DIR}/boards/${board})
  string(REPLACE - _ name ${board})
  set(rename "")
  if(NOT clock STREQUAL clk_i)
    set(rename "cd cim_${name}; rename ${clock} clk_i; cd ..; ")
  endif()
  add_custom_command(OUTPUT ${out}/mapped.v
    COMMAND ${CRUCIBLE_YOSYS} -q -p "read_json ${out}/netlist.json; ${rename}\
rename -hide cim_${name}/w:* cim_${name}/x:* %d cim_${name}/t:* %u; splitnets; rename cim_${name} ${name}_mapped; write_verilog -noattr ${out}/mapped.v"
    DEPENDS ${out}/netlist.json VERBATIM)
  get_filename_component(include ${folder} DIRECTORY)
  file(CONFIGURE OUTPUT ${out}/mapped.f CONTENT "-I${include}\n-f ${dir}/netlist.f\n" @ONLY)
  crucible_netlist_board(${name}_mapped_board ${config} ${name}_mapped ${out}/mapped.f ${ARGN} ${folder} ${out}/mapped.v)
  crucible_netlist_test(${name}_mapped_test ${config} ${name}_mapped_board ${label})
endfunction()

# icebox does not know the single-port memories.
crucible_bitstream(icebreaker)
crucible_mapped_board(icebreaker nano clk_i boards ${CRUCIBLE_ICE40_CELLS})

# Boards whose bitstream cannot be built here: the netlist of their top that yosys maps for their part, with simulation models of the
# cells of which yosys has none. `tiny` takes the place of `small`, whose netlist is too slow for the link's deadlines. The
# phase-locked loop is not simulated: the pin of its input is the core's clock.
function(crucible_synthesised board)
  set(out ${CMAKE_BINARY_DIR}/boards/${board})
  file(GLOB own CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/boards/${board}/*.sv ${CMAKE_SOURCE_DIR}/boards/common/*)
  add_custom_command(OUTPUT ${out}/netlist.json
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/board.py synthesise ${board} --config tiny --out ${out}
    DEPENDS ${rtl} ${own} ${CMAKE_SOURCE_DIR}/scripts/mapping.py COMMENT "Netlist of ${board}" VERBATIM)
endfunction()
find_file(CRUCIBLE_ECP5_CELLS yosys/ecp5/cells_sim.v PATHS /usr/share /usr/local/share REQUIRED)
find_file(CRUCIBLE_XILINX_CELLS yosys/xilinx/cells_sim.v PATHS /usr/share /usr/local/share REQUIRED)
crucible_synthesised(ulx3s)
crucible_mapped_board(ulx3s tiny clk_25mhz_i boards ${CRUCIBLE_ECP5_CELLS} ${dir}/ecp5_cells.sv)
crucible_synthesised(arty-a7-100)
crucible_mapped_board(arty-a7-100 tiny clk_100mhz_i boards ${CRUCIBLE_XILINX_CELLS} ${dir}/xilinx_cells.sv)
