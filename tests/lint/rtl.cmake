# The RTL in both tools, every configuration; and illegal parameters end elaboration with a sentence.
set(rtl_lint ${CMAKE_SOURCE_DIR}/tests/lint/rtl_lint.sh)

function(crucible_rtl_lint name)
  add_test(NAME rtl_lint.${name} COMMAND ${rtl_lint} ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(rtl_lint.${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300 LABELS lint)
endfunction()

file(GLOB configs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/gen/cim_config_*.f)
foreach(path ${configs})
  file(STRINGS ${path} controller REGEX MemoryBytes)
  if(controller)
    continue()
  endif()
  string(REGEX REPLACE ".*cim_config_(.*)\\.f" "\\1" config ${path})
  crucible_rtl_lint(verilator_reads_${config} verilator ${config})
  crucible_rtl_lint(yosys_reads_${config} yosys ${config})
endforeach()

crucible_rtl_lint(reads_card module cim_card)

# Both ends of every range of cim_top are legal, and what lies beyond them is not.
crucible_rtl_lint(takes_the_smallest legal Rows=4 Cols=4 Banks=1 InWords=2 OutWords=2 Kept=2 MaxPayload=8 ClksPerBit=4)
crucible_rtl_lint(takes_the_largest legal Rows=512 Cols=256 Banks=128 InWords=32768 OutWords=32768 Kept=128 MaxPayload=4096
  ClksPerBit=65535)
crucible_rtl_lint(takes_the_deepest legal Rows=512 Cols=8 Banks=4096 InWords=128 OutWords=2)
crucible_rtl_lint(takes_the_smallest_with_effects legal Rows=4 Cols=4 Banks=1 InWords=2 OutWords=2 Effects=1)
crucible_rtl_lint(takes_the_largest_with_effects legal Rows=256 Cols=64 Banks=8 InWords=128 OutWords=128 Effects=1)
crucible_rtl_lint(refuses_effects illegal "Effects must be" Effects=2 Rows=512,InWords=128,Effects=1)
crucible_rtl_lint(refuses_rows illegal "Rows must be" Rows=0 Rows=2 Rows=6 Rows=1024)
crucible_rtl_lint(refuses_cols illegal "Cols must be" Cols=2 Cols=12 Cols=512)
crucible_rtl_lint(refuses_banks illegal "Banks must be" Banks=0 Banks=4097 Banks=4096,Rows=512,Cols=16,InWords=128)
crucible_rtl_lint(refuses_in_bits illegal "InBits must be" InBits=0 InBits=7 InBits=9)
crucible_rtl_lint(refuses_in_words illegal "InWords must be" InWords=0 InWords=2 InWords=65 InWords=65536 Rows=4,InWords=1)
crucible_rtl_lint(refuses_out_words illegal "OutWords must be" OutWords=0 OutWords=1 OutWords=65 OutWords=65536)
crucible_rtl_lint(refuses_kept illegal "Kept must be" Kept=0 Kept=1 Kept=3 Kept=256)
crucible_rtl_lint(refuses_max_payload illegal "MaxPayload must be" MaxPayload=4 MaxPayload=33 MaxPayload=8192)
crucible_rtl_lint(refuses_clks_per_bit illegal "ClksPerBit must be" ClksPerBit=0 ClksPerBit=3 ClksPerBit=65536)
