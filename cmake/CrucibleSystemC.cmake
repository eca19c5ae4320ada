# crucible_systemc: Debian's SystemC, which ships no CMake package.
find_path(CRUCIBLE_SYSTEMC_INCLUDE systemc.h REQUIRED)
find_library(CRUCIBLE_SYSTEMC_LIBRARY systemc REQUIRED)
add_library(crucible_systemc INTERFACE)
target_include_directories(crucible_systemc SYSTEM INTERFACE ${CRUCIBLE_SYSTEMC_INCLUDE})
target_link_libraries(crucible_systemc INTERFACE ${CRUCIBLE_SYSTEMC_LIBRARY} Threads::Threads)
# The library is built as C++17 and checks at link time that its users say the same; the interface does not differ in C++20.
target_compile_definitions(crucible_systemc INTERFACE SC_CPLUSPLUS=201703L SC_INCLUDE_DYNAMIC_PROCESSES)
