# The configuration of the serial tile: equality, link and UART suites.
set(dir ${CMAKE_CURRENT_LIST_DIR})
set(cosim ${CMAKE_SOURCE_DIR}/tests/cosim)
crucible_test(serial_equivalence_test
  SOURCES ${dir}/tile_equivalence_test.cpp ${dir}/identity_test.cpp ${dir}/tile_device.cpp ${dir}/random_case.cpp
    ${cosim}/link_protocol_test.cpp ${cosim}/uart_pins_test.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/serial_config.cpp
    ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp ${CMAKE_SOURCE_DIR}/sim/verilated/top_nano.cpp
  DEPENDS cim_top_nano crucible_rtl_ports crucible_models crucible_native
  LABELS equiv TIMEOUT 300)
