# The equality and link suites over configurations drawn at random: one in the usual build, several in the long verification.
include(CrucibleVerilator)
set(drawn ${CMAKE_CURRENT_BINARY_DIR}/drawn)
set(script ${CMAKE_SOURCE_DIR}/scripts/draw_geometries.py)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
execute_process(
  COMMAND ${CRUCIBLE_PYTHON} -B ${script} --seed ${CRUCIBLE_DRAWN_SEED} --count ${CRUCIBLE_DRAWN_COUNT} --out ${drawn}
  COMMAND_ERROR_IS_FATAL ANY)
set(models)
math(EXPR last "${CRUCIBLE_DRAWN_COUNT} - 1")
foreach(i RANGE ${last})
  crucible_verilated_model(cim_drawn${i} Vcim_drawn${i} cim_top ${drawn}/cim_config_drawn${i}.f)
  list(APPEND models cim_drawn${i})
endforeach()
set(equiv ${CMAKE_SOURCE_DIR}/tests/equiv)
crucible_test(drawn_test
  SOURCES ${drawn}/drawn_tops.cpp ${equiv}/tile_equivalence_test.cpp ${equiv}/chip_equivalence_test.cpp
    ${equiv}/identity_test.cpp ${equiv}/tile_device.cpp ${equiv}/random_case.cpp
    ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp ${CMAKE_SOURCE_DIR}/tests/cosim/link_protocol_test.cpp ${CMAKE_SOURCE_DIR}/tests/cosim/uart_pins_test.cpp
  DEPENDS ${models} crucible_rtl_ports crucible_models
  LABELS drawn TIMEOUT 300)
