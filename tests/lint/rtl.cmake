# The RTL in both tools, every configuration; and illegal parameters end elaboration with a sentence.
set(rtl_lint ${CMAKE_SOURCE_DIR}/tests/lint/rtl_lint.sh)

function(crucible_rtl_lint name)
  add_test(NAME rtl_lint.${name} COMMAND ${rtl_lint} ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(rtl_lint.${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300 LABELS lint)
endfunction()

file(GLOB configs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/gen/cim_config_*.f)
foreach(path ${configs})
  string(REGEX REPLACE ".*cim_config_(.*)\\.f" "\\1" config ${path})
  crucible_rtl_lint(verilator_reads_${config} verilator ${config})
  crucible_rtl_lint(yosys_reads_${config} yosys ${config})
endforeach()

crucible_rtl_lint(refuses_rows illegal Rows 6 "Rows must be")
crucible_rtl_lint(refuses_cols illegal Cols 2 "Cols must be")
crucible_rtl_lint(refuses_banks illegal Banks 0 "Banks must be")
crucible_rtl_lint(refuses_in_bits illegal InBits 9 "InBits must be")
crucible_rtl_lint(refuses_in_words illegal InWords 65 "InWords must be")
crucible_rtl_lint(refuses_out_words illegal OutWords 65536 "OutWords must be")
crucible_rtl_lint(refuses_kept illegal Kept 3 "Kept must be")
crucible_rtl_lint(refuses_max_payload illegal MaxPayload 33 "MaxPayload must be")
crucible_rtl_lint(refuses_clks_per_bit illegal ClksPerBit 3 "ClksPerBit must be")

add_subdirectory(${CMAKE_SOURCE_DIR}/rtl ${CMAKE_BINARY_DIR}/rtl)  # the target `utilisation`
