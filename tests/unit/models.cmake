crucible_test(models_test
  SOURCES
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/tile_twin_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/tile_kernels_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/tile_effects_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/tile_noise_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/chip_generator_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/placement_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/quantised_network_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/compile_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/pipeline_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/calibrate_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/offset_grid_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/slice_range_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/weight_box_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/random_chip_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/write_verify_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/drift_test.cpp
  DEPENDS crucible_models LABELS unit)
crucible_test(tile_stat_test
  SOURCES
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/tile_noise_stat_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/read_noise_stat_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/chip_stat_test.cpp
  DEPENDS crucible_models LABELS unit)
