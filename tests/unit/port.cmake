# Linked by every test program that has a device behind a port.
add_library(port_conformance OBJECT
  ${CMAKE_CURRENT_LIST_DIR}/port_conformance_registers.cpp ${CMAKE_CURRENT_LIST_DIR}/port_conformance_windows.cpp
  ${CMAKE_CURRENT_LIST_DIR}/port_conformance_jobs.cpp ${CMAKE_CURRENT_LIST_DIR}/port_conformance_effects.cpp
  ${CMAKE_CURRENT_LIST_DIR}/port_conformance_products.cpp ${CMAKE_CURRENT_LIST_DIR}/port_conformance_controller.cpp
  ${CMAKE_CURRENT_LIST_DIR}/port_conformance_engine.cpp)
target_link_libraries(port_conformance PUBLIC crucible_flags crucible_port crucible_models GTest::gtest)
crucible_test(port_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/port_conformance_test.cpp ${CMAKE_CURRENT_LIST_DIR}/link_session_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/controller_model_test.cpp ${CMAKE_CURRENT_LIST_DIR}/open_port_test.cpp ${CMAKE_CURRENT_LIST_DIR}/refused_error_test.cpp
  DEPENDS port_conformance LABELS unit-threads)
# Stands for crucible-board where the behaviour of a started process is tested.
add_executable(fake_board ${CMAKE_CURRENT_LIST_DIR}/fake_board.cpp)
target_link_libraries(fake_board PRIVATE crucible_flags crucible_port)
add_dependencies(port_test fake_board)
target_compile_definitions(port_test PRIVATE CRUCIBLE_FAKE_BOARD="$<TARGET_FILE:fake_board>")
