// The ELF of the firmware: what is read from it, and what is refused.
#include "host/board/firmware_image.hpp"

#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/unit/board_support.hpp"

namespace crucible::board {
namespace {

/// The ELF that the build has made.
class FirmwareElf : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(CRUCIBLE_FIRMWARE_ELF, std::ios::binary);
    if (!file)
      GTEST_SKIP() << "no firmware ELF: packages gcc-riscv64-unknown-elf and "
                      "picolibc-riscv64-unknown-elf are missing";
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    elf_.assign(bytes.begin(), bytes.end());
  }
  void set(size_t offset, auto value) { std::memcpy(elf_.data() + offset, &value, sizeof value); }
  template <typename Value>
  [[nodiscard]] Value get(size_t offset) const {
    Value value = 0;
    std::memcpy(&value, elf_.data() + offset, sizeof value);
    return value;
  }
  /// Offset of the note's three words.
  [[nodiscard]] size_t note() const {
    const std::string_view bytes(reinterpret_cast<const char*>(elf_.data()), elf_.size());
    return bytes.find(std::string_view("Crucible\0\0\0\0", 12)) + 12;
  }
  [[nodiscard]] std::string refusal(ErrorKind kind = ErrorKind::kData) const {
    return message_of([&] { static_cast<void>(parse_firmware("fw.elf", elf_)); }, kind);
  }

  std::vector<uint8_t> elf_;
};

TEST_F(FirmwareElf, LoadsAtTheStartOfBoardMemoryAndFitsTheSmallestOne) {
  const FirmwareImage image = parse_firmware("fw.elf", elf_);
  EXPECT_EQ(image.map_hash, spec::kMapHash);
  EXPECT_EQ(image.version, FW_VERSION);
  ASSERT_FALSE(image.segments.empty());
  EXPECT_EQ(image.segments.front().address, spec::kWindowMemory);
  for (const FirmwareSegment& segment : image.segments) {
    // boot/firmware.ld gives firmware with its stack 64 KiB, a quarter of the smallest memory.
    EXPECT_LE(segment.address - spec::kWindowMemory + segment.bytes.size(), 64U * 1024);
    EXPECT_EQ(segment.bytes.size() % 4, 0U);
  }
}

TEST_F(FirmwareElf, SaysWhatItClearsInMemoryBesideItsBytes) {
  const auto first = get<uint32_t>(28);
  const size_t in_memory = get<uint32_t>(first + 20);
  const FirmwareImage image = parse_firmware("fw.elf", elf_);
  const FirmwareSegment& segment = image.segments.front();
  EXPECT_GT(segment.zeros, 0U);  // .bss and the stacks
  EXPECT_EQ(segment.bytes.size() + segment.zeros, in_memory);
}

TEST(Firmware, IsNoFolder) {
  expect_says(
      message_of([] { static_cast<void>(read_firmware(testing::TempDir())); }, ErrorKind::kData),
      "cannot read the firmware");
}

TEST_F(FirmwareElf, RefusesWhatIsNoElfForThisCore) {
  set(0, uint8_t{0});
  expect_says(refusal(), "fw.elf: it is no 32-bit little-endian ELF file");
  set(0, uint8_t{0x7F});
  set(4, uint8_t{2});
  expect_says(refusal(), "no 32-bit");
  set(4, uint8_t{1});
  set(18, uint16_t{62});
  expect_says(refusal(), "of type 2 for machine 62, not a program (2) for RISC-V (243)");
  set(18, uint16_t{243});
  set(24, uint32_t{0x80000004});
  expect_says(refusal(), "starts at 0x80000004, the core at 0x80000000");
}

TEST_F(FirmwareElf, RefusesAnotherRegisterMapWithBothSides) {
  set(note(), uint32_t{0x12345678});
  const std::string said = refusal(ErrorKind::kDevice);
  expect_says(said, "register map 0x12345678");
  expect_says(said, "its devices have 0x");
}

TEST_F(FirmwareElf, RefusesAnotherVersionOfTheMailbox) {
  set(note() + 4, uint32_t{0x00070003});
  expect_says(refusal(ErrorKind::kDevice), "has version 7.3, this program speaks to 1.x");
}

TEST_F(FirmwareElf, RefusesDamage) {
  const auto segment = get<uint32_t>(28);  // the first program header
  const auto at = get<uint32_t>(segment + 4);
  set(at + 100, static_cast<uint8_t>(elf_[at + 100] ^ 1));
  expect_says(refusal(), "its note says");
  elf_.resize(at + 50);
  expect_says(refusal(), "the file ends before byte");
  elf_.resize(40);
  expect_says(refusal(), "the file ends before byte");
}

TEST_F(FirmwareElf, RefusesSegmentsOutsideBoardMemory) {
  const auto segment = get<uint32_t>(28);
  set(segment + 8, uint32_t{0x7FFFF000});
  expect_says(refusal(), "a segment at 0x7ffff000; board memory starts at 0x80000000");
}

TEST_F(FirmwareElf, RefusesAnElfWithoutTheNote) {
  set(note() - 12, uint8_t{'c'});
  expect_says(refusal(), "has no note of Crucible's firmware");
}

TEST(FirmwareFile, ThatIsMissingIsNamed) {
  expect_says(
      message_of([] { static_cast<void>(read_firmware("/nowhere/fw.elf")); }, ErrorKind::kData),
      "/nowhere/fw.elf: cannot read the firmware");
}

}  // namespace
}  // namespace crucible::board
