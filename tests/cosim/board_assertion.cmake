# The board program around a device with a fault: its own `tiny` takes the place of the library's.
include(CrucibleVerilator)
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_verilated_model(cim_faulty_top Vcim_faulty_top cim_faulty_top ${dir}/faulty_top.f)
add_executable(faulty_board ${dir}/faulty_tiny.cpp ${CMAKE_SOURCE_DIR}/sim/apps/board_main.cpp
  ${CMAKE_SOURCE_DIR}/sim/apps/ready_file.cpp)
target_link_libraries(faulty_board PRIVATE crucible_flags cim_faulty_top crucible_bridge crucible_board_model crucible_rtl crucible_rtl_device
  crucible_tlm_board CLI11::CLI11 nlohmann_json::nlohmann_json fmt::fmt)
crucible_test(board_assertion_test
  SOURCES ${dir}/board_assertion_test.cpp ${dir}/board_program.cpp
  DEPENDS crucible_link nlohmann_json::nlohmann_json
  LABELS cosim TIMEOUT 60)
target_compile_definitions(board_assertion_test PRIVATE CRUCIBLE_BOARD_PROGRAM="$<TARGET_FILE:faulty_board>")
add_dependencies(board_assertion_test faulty_board)
