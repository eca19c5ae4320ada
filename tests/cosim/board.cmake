# The emulated board as a process.
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_test(board_process_test
  SOURCES ${dir}/board_process_test.cpp ${dir}/board_program.cpp
  DEPENDS crucible_port crucible_link nlohmann_json::nlohmann_json
  LABELS cosim TIMEOUT 60)
target_compile_definitions(board_process_test PRIVATE CRUCIBLE_BOARD_PROGRAM="$<TARGET_FILE:crucible-board>"
  CRUCIBLE_CONTROLLER=$<BOOL:${CRUCIBLE_PICORV32}>)
add_dependencies(board_process_test crucible-board)
# The emulated board as a PCIe card.
crucible_test(card_process_test
  SOURCES ${dir}/card_process_test.cpp ${dir}/board_program.cpp
  DEPENDS card_conformance port_conformance crucible_port crucible_link nlohmann_json::nlohmann_json
  LABELS cosim TIMEOUT 60)
target_compile_definitions(card_process_test PRIVATE CRUCIBLE_BOARD_PROGRAM="$<TARGET_FILE:crucible-board>"
  CRUCIBLE_CONTROLLER=$<BOOL:${CRUCIBLE_PICORV32}>)
add_dependencies(card_process_test crucible-board)
