# The firmware's ELF on the core of the Verilated board.
if(CRUCIBLE_PICORV32 AND TARGET firmware)
  crucible_test(board_firmware_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/board_firmware_test.cpp
    DEPENDS crucible_firmware_board LABELS cosim TIMEOUT 200)
  target_compile_definitions(board_firmware_test PRIVATE
    CRUCIBLE_FIRMWARE_ELF="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/crucible-firmware.elf")
  add_dependencies(board_firmware_test crucible-board firmware)
elseif(CRUCIBLE_PICORV32)
  crucible_skipped_test(BoardFirmware.NeedsTheElf cosim
    "no firmware ELF (Debian packages gcc-riscv64-unknown-elf, picolibc-riscv64-unknown-elf)")
else()
  crucible_skipped_test(BoardFirmware.NeedsPicoRV32 cosim ${CRUCIBLE_PICORV32_MISSING})
endif()
