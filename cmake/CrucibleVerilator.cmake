# Verilated models: the only place with Verilator's flags.
#
# Each model is generated at build time, whenever a file under rtl/ changes, and compiled as two translation units (hot code,
# cold code): whole-model inlining, and names that Verilator derives from hashes stay out of the build description.
find_program(CRUCIBLE_VERILATOR_BIN NAMES verilator REQUIRED)
execute_process(COMMAND ${CRUCIBLE_VERILATOR_BIN} --getenv VERILATOR_ROOT
  OUTPUT_VARIABLE CRUCIBLE_VERILATOR_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

set(CRUCIBLE_RTL_LIST ${CMAKE_SOURCE_DIR}/rtl/files.f CACHE FILEPATH "List of the RTL's files, from the repository's root")

# Verilator's warnings about the RTL are errors; its C++ is not ours, so our warning flags stay off it.
# Loops over columns stay loops (--unroll-count), for the compiler's loop vectoriser: it does far better than its vectoriser of
# straight code. Partial redundancy elimination would move a first iteration's load out of such a loop and end that.
set(CRUCIBLE_VERILATOR_FLAGS
  --cc --make cmake -Wall --no-timing --assert --trace-fst --timescale 1ps/1ps
  -O3 --unroll-count 8 --unroll-stmts 100000 --output-split 0
  --x-assign fast --x-initial unique)
set(CRUCIBLE_VERILATED_HOT_FLAGS -O3 $<$<CXX_COMPILER_ID:GNU>:-fno-tree-pre> $<$<BOOL:${CRUCIBLE_NATIVE}>:-march=native>)
set(CRUCIBLE_VERILATED_COLD_FLAGS -O1)
# Generated C++ and Verilator's library are not ours: the sanitizers watch the code around them, at a bearable speed.
set(CRUCIBLE_VERILATED_SANITIZE $<$<OR:$<BOOL:${CRUCIBLE_SANITIZE}>,$<BOOL:${CRUCIBLE_TSAN}>>:-fno-sanitize=all>)
list(APPEND CRUCIBLE_VERILATED_HOT_FLAGS ${CRUCIBLE_VERILATED_SANITIZE})
list(APPEND CRUCIBLE_VERILATED_COLD_FLAGS ${CRUCIBLE_VERILATED_SANITIZE})

set(CRUCIBLE_VM_COVERAGE 0)
set(coverage_source)
if(CRUCIBLE_COVERAGE)
  set(CRUCIBLE_VM_COVERAGE 1)
  set(coverage_source ${CRUCIBLE_VERILATOR_ROOT}/include/verilated_cov.cpp)
  list(APPEND CRUCIBLE_VERILATOR_FLAGS --coverage-line --coverage-toggle --coverage-user
    --output-split-cfuncs 500)
  set(CRUCIBLE_VERILATED_HOT_FLAGS -O1)
endif()

if(NOT TARGET crucible_verilated_runtime)  # several folders have models
  add_library(crucible_verilated_runtime STATIC
    ${CRUCIBLE_VERILATOR_ROOT}/include/verilated.cpp
    ${CRUCIBLE_VERILATOR_ROOT}/include/verilated_fst_c.cpp
    ${CRUCIBLE_VERILATOR_ROOT}/include/verilated_threads.cpp
    ${coverage_source}
    ${CMAKE_SOURCE_DIR}/sim/verilated/assertion_log.cpp)
  target_include_directories(crucible_verilated_runtime SYSTEM PUBLIC
    ${CRUCIBLE_VERILATOR_ROOT}/include ${CRUCIBLE_VERILATOR_ROOT}/include/vltstd)
  target_include_directories(crucible_verilated_runtime PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_definitions(crucible_verilated_runtime PUBLIC
    VM_COVERAGE=${CRUCIBLE_VM_COVERAGE} VM_SC=0 VM_TRACE=1 VM_TRACE_VCD=0 VM_TRACE_FST=1)
  target_compile_options(crucible_verilated_runtime
    PUBLIC "SHELL:-include ${CMAKE_SOURCE_DIR}/sim/verilated/verilator_hooks.h" -faligned-new
    PRIVATE -O2 ${CRUCIBLE_VERILATED_SANITIZE})
  target_link_libraries(crucible_verilated_runtime PUBLIC Threads::Threads ZLIB::ZLIB)
endif()

# crucible_verilated_model(NAME PREFIX TOP PARAMETERS [SOURCES file ...] [OPTIMISE -On]): a static library with the class PREFIX,
# made from the module TOP with the parameters (and further arguments of Verilator) in the file PARAMETERS. SOURCES take the place
# of the RTL, OPTIMISE that of the compiler's flags for the hot code; the cold code, which runs once, is not optimised then.
function(crucible_verilated_model name prefix top parameters)
  cmake_parse_arguments(PARSE_ARGV 4 ARG "" "OPTIMISE" "SOURCES")
  set(hot ${CRUCIBLE_VERILATED_HOT_FLAGS})
  set(cold ${CRUCIBLE_VERILATED_COLD_FLAGS})
  if(ARG_OPTIMISE)
    set(hot ${ARG_OPTIMISE} ${CRUCIBLE_VERILATED_SANITIZE})
    set(cold -O0 ${CRUCIBLE_VERILATED_SANITIZE})
  endif()
  set(flags ${CRUCIBLE_VERILATOR_FLAGS})
  set(sources -f ${CRUCIBLE_RTL_LIST})
  if(ARG_SOURCES)
    set(sources ${ARG_SOURCES})
  endif()
  if(top MATCHES "^cim_(board|pcie|cpu)$")
    list(PREPEND sources ${CMAKE_SOURCE_DIR}/rtl/soc/picorv32.vlt ${CRUCIBLE_PICORV32})
    list(APPEND sources -f ${CMAKE_SOURCE_DIR}/rtl/board.f)
    if(top STREQUAL "cim_cpu")
      list(PREPEND sources ${CMAKE_SOURCE_DIR}/sim/verilated/core.vlt)
      list(REMOVE_ITEM flags --trace-fst)  # signals that no wave needs become locals: 1.6 times as fast
    endif()
  endif()
  if(CRUCIBLE_COVERAGE AND NOT ARG_SOURCES)
    list(APPEND sources ${CMAKE_SOURCE_DIR}/tests/coverage/cim_cover.sv ${CMAKE_SOURCE_DIR}/tests/coverage/cim_cover_effects.sv
      ${CMAKE_SOURCE_DIR}/tests/coverage/cim_cover_engine.sv)
  endif()
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/${prefix})
  file(GLOB_RECURSE rtl CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/*.f
    ${CMAKE_SOURCE_DIR}/rtl/*.vlt ${CMAKE_SOURCE_DIR}/tests/coverage/*.sv)
  set(script ${CMAKE_SOURCE_DIR}/cmake/AmalgamateVerilated.cmake)
  add_custom_command(
    OUTPUT ${dir}/${prefix}_hot.cpp ${dir}/${prefix}_cold.cpp ${dir}/${prefix}.h
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${dir}
    COMMAND ${CRUCIBLE_VERILATOR_BIN} ${flags} --prefix ${prefix} --top-module ${top}
      --Mdir ${dir} -f ${parameters} ${sources}
    COMMAND ${CMAKE_COMMAND} -DPREFIX=${prefix} -DDIR=${dir} -P ${script}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DEPENDS ${rtl} ${parameters} ${CRUCIBLE_RTL_LIST} ${ARG_SOURCES} ${script}
    COMMENT "Verilating ${top} as ${prefix}" VERBATIM)
  add_library(${name} STATIC ${dir}/${prefix}_hot.cpp ${dir}/${prefix}_cold.cpp)
  set_source_files_properties(${dir}/${prefix}_hot.cpp PROPERTIES COMPILE_OPTIONS "${hot}")
  set_source_files_properties(${dir}/${prefix}_cold.cpp PROPERTIES COMPILE_OPTIONS "${cold}")
  target_include_directories(${name} SYSTEM PUBLIC ${dir})
  target_link_libraries(${name} PUBLIC crucible_verilated_runtime)
endfunction()
