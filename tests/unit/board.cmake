# Firmware compiled for the host, on a device model, and the host's side of it.
add_library(crucible_firmware_board STATIC ${CMAKE_CURRENT_LIST_DIR}/firmware_board.cpp)
target_link_libraries(crucible_firmware_board PUBLIC crucible_flags crucible_board crucible_firmware)
crucible_test(board_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/board_runner_test.cpp ${CMAKE_CURRENT_LIST_DIR}/board_search_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/controller_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/firmware_image_test.cpp ${CMAKE_CURRENT_LIST_DIR}/mailbox_times_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/network_block_test.cpp
  DEPENDS crucible_firmware_board LABELS unit)
crucible_test(board_lenet_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/board_lenet_test.cpp
  DEPENDS crucible_firmware_board crucible_experiment LABELS unit)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/firmware_image_test.cpp PROPERTIES
  COMPILE_DEFINITIONS "CRUCIBLE_FIRMWARE_ELF=\"${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/crucible-firmware.elf\"")
if(TARGET firmware)
  add_dependencies(board_test firmware)
endif()
