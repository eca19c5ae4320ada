find_package(benchmark REQUIRED)
add_executable(model_bench ${CMAKE_CURRENT_SOURCE_DIR}/model_bench.cpp)
target_link_libraries(model_bench PRIVATE crucible_models crucible_data benchmark::benchmark)
