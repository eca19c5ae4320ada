crucible_test(experiment_test
  SOURCES
    ${CMAKE_SOURCE_DIR}/tests/unit/experiment_config_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/effects_file_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/hardware_queue_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/line_plot_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/network_folder_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/npy_test.cpp
  DEPENDS crucible_experiment LABELS unit-threads)
