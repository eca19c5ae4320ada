add_executable(search_bench ${CMAKE_SOURCE_DIR}/bench/search_bench.cpp)
target_link_libraries(search_bench PRIVATE crucible_flags crucible_native crucible_search crucible_train benchmark::benchmark)
