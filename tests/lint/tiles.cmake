# The tiles of tests/tiles in both tools: what the contract's examples are made of is synthesizable. The planted one has a loop
# on purpose, which yosys refuses.
function(crucible_tile_lint tool name)
  list(TRANSFORM ARGN PREPEND tests/tiles/${name}/)
  add_test(NAME tile_lint.${tool}_reads_${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/lint/tile_lint.sh ${tool} ${ARGN}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(tile_lint.${tool}_reads_${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120 LABELS lint)
endfunction()

crucible_tile_lint(verilator template my_tile.sv)
crucible_tile_lint(yosys template my_tile.sv)
crucible_tile_lint(verilator row_parallel row_parallel_column.sv row_parallel_tile.sv)
crucible_tile_lint(yosys row_parallel row_parallel_column.sv row_parallel_tile.sv)
crucible_tile_lint(verilator planted planted_tile.sv)
