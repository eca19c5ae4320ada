add_executable(rtl_bench ${CMAKE_CURRENT_LIST_DIR}/rtl_bench.cpp)
target_link_libraries(rtl_bench PRIVATE crucible_flags crucible_rtl benchmark::benchmark)
