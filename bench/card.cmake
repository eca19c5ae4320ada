add_executable(card_bench ${CMAKE_CURRENT_LIST_DIR}/card_bench.cpp)
target_link_libraries(card_bench PRIVATE crucible_flags crucible_port benchmark::benchmark)
add_dependencies(card_bench crucible-board)
