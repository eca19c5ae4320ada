# The core of a controller at work in the Verilated board.
set(dir ${CMAKE_CURRENT_LIST_DIR})
if(CRUCIBLE_PICORV32)
  crucible_test(core_test
    SOURCES ${dir}/core_test.cpp ${dir}/core_port_test.cpp ${dir}/device_model_test.cpp ${dir}/link_protocol_test.cpp
      ${dir}/layer_engine_test.cpp ${CMAKE_SOURCE_DIR}/tests/equiv/engine_networks.cpp ${CMAKE_SOURCE_DIR}/tests/equiv/engine_stand_in.cpp
      ${CMAKE_SOURCE_DIR}/tests/rtl/controller_configs.cpp ${CMAKE_SOURCE_DIR}/tests/rtl/failure_wave.cpp
    DEPENDS crucible_rtl port_conformance
    LABELS cosim TIMEOUT 120)
  crucible_test(core_board_test
    SOURCES ${dir}/core_board_test.cpp ${dir}/board_program.cpp
    DEPENDS crucible_port crucible_link nlohmann_json::nlohmann_json
    LABELS cosim TIMEOUT 120)
  target_compile_definitions(core_board_test PRIVATE CRUCIBLE_BOARD_PROGRAM="$<TARGET_FILE:crucible-board>")
  add_dependencies(core_board_test crucible-board)
else()
  crucible_skipped_test(Core.NeedsPicoRV32 cosim ${CRUCIBLE_PICORV32_MISSING})
endif()
# What is committed is what the assembler makes.
find_program(CRUCIBLE_RISCV_GCC riscv64-unknown-elf-gcc)
if(CRUCIBLE_RISCV_GCC)
  add_test(NAME CoreProgram.IsWhatTheAssemblerMakes
    COMMAND sh -c "${dir}/core/assemble.sh ${CMAKE_BINARY_DIR}/core_program.hpp && diff ${dir}/core/program.hpp ${CMAKE_BINARY_DIR}/core_program.hpp")
  set_tests_properties(CoreProgram.IsWhatTheAssemblerMakes PROPERTIES LABELS lint)
else()
  crucible_skipped_test(CoreProgram.IsWhatTheAssemblerMakes lint "no riscv64-unknown-elf-gcc (Debian package gcc-riscv64-unknown-elf)")
endif()
