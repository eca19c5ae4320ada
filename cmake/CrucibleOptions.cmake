# Options of the build, and the flags that every target of ours gets.
option(CRUCIBLE_NATIVE "Compile for the building machine's instruction set" ON)
option(CRUCIBLE_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(CRUCIBLE_TSAN "Build with ThreadSanitizer" OFF)
option(CRUCIBLE_VERIFY "Tests that take minutes: the netlist, several simulators, drawn geometries" OFF)
option(CRUCIBLE_COVERAGE "Verilated models count lines, toggles and cover points" OFF)
set(CRUCIBLE_DRAWN_SEED 20261126 CACHE STRING "Seed of the configurations that tests/drawn draws")
set(CRUCIBLE_DRAWN_COUNT 1 CACHE STRING "How many configurations tests/drawn draws")

add_library(crucible_flags INTERFACE)
target_compile_features(crucible_flags INTERFACE cxx_std_20)
target_compile_options(crucible_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  $<$<CONFIG:Release>:-O3>)
# g++ 12 sees overlapping copies in std::string's operator+ that are not there (GCC bug 105651).
target_compile_options(crucible_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(crucible_flags INTERFACE ${CMAKE_SOURCE_DIR})
# No contraction of a * b + c: floating-point results depend on the source only, not on the compiler's choice.
target_compile_options(crucible_flags INTERFACE -ffp-contract=off)

add_library(crucible_native INTERFACE)
if(CRUCIBLE_NATIVE)
  # Floating-point code that asks for this may use fused multiply-add: its results hold for one binary on one instruction set.
  target_compile_options(crucible_native INTERFACE -march=native -ffp-contract=fast)
endif()

if(CRUCIBLE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(CRUCIBLE_TSAN)
  # g++ warns of every atomic_thread_fence, Boost's headers' among them; our own code has none.
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
  add_link_options(-fsanitize=thread)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
