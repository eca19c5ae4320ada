# The host link at the top's ports, and the host's own stack against the RTL in one process.
set(dir ${CMAKE_CURRENT_LIST_DIR})
crucible_test(rtl_link_test
  SOURCES ${dir}/link_protocol_test.cpp ${dir}/link_damage_test.cpp ${dir}/uart_pins_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/rtl/named_configs.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp
  DEPENDS crucible_rtl
  LABELS cosim TIMEOUT 120)
crucible_test(rtl_port_test
  SOURCES ${dir}/rtl_port_test.cpp ${dir}/device_model_test.cpp ${dir}/every_bit_test.cpp ${dir}/reset_test.cpp
    ${dir}/uart_goodput_test.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/named_configs.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp
  DEPENDS crucible_rtl port_conformance
  LABELS cosim TIMEOUT 120)
