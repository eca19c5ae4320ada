// Firmware for the board's core: an ELF file, checked before anything of it is used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace crucible::board {

struct FirmwareSegment {
  uint32_t address = 0;
  std::vector<uint8_t> bytes;  ///< a multiple of 4; zeros where the file's bytes end before
  size_t zeros = 0;            ///< bytes after them that the program clears itself (.bss)
};

struct FirmwareImage {
  std::string name;
  uint32_t version = 0;   ///< FW_VERSION of its build
  uint32_t map_hash = 0;  ///< of the register map it was compiled for
  std::vector<FirmwareSegment> segments;
};

/// Throws crucible::Error: kData, naming the file, for what is no 32-bit little-endian RISC-V
/// program, has no note of Crucible, is damaged (CRC of the loaded bytes) or starts elsewhere than
/// at the first word of board memory; kDevice, naming both sides, for another register map than
/// this program's, or for another major version of the mailbox.
[[nodiscard]] FirmwareImage read_firmware(const std::filesystem::path& path);
[[nodiscard]] FirmwareImage parse_firmware(const std::string& name, std::span<const uint8_t> elf);

/// CRUCIBLE_FIRMWARE, else crucible-firmware.elf beside the program. Throws crucible::Error(kUsage)
/// where there is none.
[[nodiscard]] std::filesystem::path find_firmware();

}  // namespace crucible::board
