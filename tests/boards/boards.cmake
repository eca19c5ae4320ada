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

# icebox does not know the single-port memories: the mapped netlist. One wire a bit, as in tests/gates.
crucible_bitstream(icebreaker)
set(out ${CMAKE_BINARY_DIR}/boards/icebreaker)
find_program(CRUCIBLE_YOSYS yosys REQUIRED)
add_custom_command(OUTPUT ${out}/mapped.v
  COMMAND ${CRUCIBLE_YOSYS} -q -p "read_json ${out}/netlist.json; \
rename -hide cim_icebreaker/w:* cim_icebreaker/x:* %d cim_icebreaker/t:* %u; splitnets; rename cim_icebreaker icebreaker_mapped; write_verilog -noattr ${out}/mapped.v"
  DEPENDS ${out}/netlist.json VERBATIM)
crucible_netlist_board(icebreaker_mapped_board nano icebreaker_mapped ${dir}/netlist.f ${CRUCIBLE_ICE40_CELLS} ${out}/mapped.v)
crucible_netlist_test(icebreaker_mapped_test nano icebreaker_mapped_board boards)
