#include "host/board/firmware_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "firmware/interface/mailbox.h"
#include "host/link/crc32.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::board {
namespace {

constexpr size_t kHeaderBytes = 52, kProgramBytes = 32, kSectionBytes = 40;
constexpr uint16_t kExecutable = 2, kRiscV = 243;
constexpr uint32_t kLoad = 1, kNote = 7;
constexpr std::string_view kOwner{"Crucible\0\0\0\0", 12};

/// Fields of an ELF file by their offsets; throws where the file ends before them.
class Elf {
 public:
  Elf(const std::string& name, std::span<const uint8_t> bytes) : name_(name), bytes_(bytes) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorKind::kData,
                fmt::format("{}: {}; build the target firmware, or name its ELF", name_, why));
  }
  [[nodiscard]] std::span<const uint8_t> part(size_t offset, size_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset)
      refuse(fmt::format("the file ends before byte {}", offset + size));
    return bytes_.subspan(offset, size);
  }
  template <typename Value>
  [[nodiscard]] Value at(size_t offset) const {
    Value value = 0;
    std::memcpy(&value, part(offset, sizeof value).data(), sizeof value);
    return value;
  }

 private:
  const std::string& name_;
  std::span<const uint8_t> bytes_;
};

void check_header(const Elf& elf) {
  constexpr std::string_view kMagic = "\177ELF\1\1";  // 32 bits, little-endian
  const auto magic = elf.part(0, kMagic.size());
  if (!std::equal(kMagic.begin(), kMagic.end(), magic.begin()))
    elf.refuse("it is no 32-bit little-endian ELF file");
  static_cast<void>(elf.part(0, kHeaderBytes));
  const auto type = elf.at<uint16_t>(16), machine = elf.at<uint16_t>(18);
  if (type != kExecutable || machine != kRiscV)
    elf.refuse(fmt::format("it is of type {} for machine {}, not a program ({}) for RISC-V ({})",
                           type, machine, kExecutable, kRiscV));
  if (const auto entry = elf.at<uint32_t>(24); entry != spec::kWindowMemory)
    elf.refuse(
        fmt::format("it starts at 0x{:08x}, the core at 0x{:08x}", entry, spec::kWindowMemory));
}

/// What is loaded, in the order of addresses, and how many of the bytes the file has.
struct Loaded {
  FirmwareSegment segment;
  size_t in_file = 0;
};

std::vector<Loaded> loaded_segments(const Elf& elf) {
  const auto first = elf.at<uint32_t>(28);
  const auto size = elf.at<uint16_t>(42), count = elf.at<uint16_t>(44);
  std::vector<Loaded> loaded;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = first + i * size;
    static_cast<void>(elf.part(at, kProgramBytes));
    if (elf.at<uint32_t>(at) != kLoad || elf.at<uint32_t>(at + 16) == 0) continue;
    const auto offset = elf.at<uint32_t>(at + 4), address = elf.at<uint32_t>(at + 8),
               bytes = elf.at<uint32_t>(at + 16), in_memory = elf.at<uint32_t>(at + 20);
    if (address % 4 != 0 || address < spec::kWindowMemory)
      elf.refuse(
          fmt::format("it has a segment at 0x{:08x}; board memory starts at 0x{:08x}, and "
                      "segments at whole words",
                      address, spec::kWindowMemory));
    const auto content = elf.part(offset, bytes);
    loaded.push_back({{address, {content.begin(), content.end()}}, bytes});
    FirmwareSegment& segment = loaded.back().segment;
    segment.bytes.resize((size_t{bytes} + 3) / 4 * 4);
    segment.zeros = in_memory - std::min<size_t>(in_memory, segment.bytes.size());
  }
  if (loaded.empty()) elf.refuse("it has nothing to load");
  std::sort(loaded.begin(), loaded.end(),
            [](const Loaded& a, const Loaded& b) { return a.segment.address < b.segment.address; });
  return loaded;
}

/// Map hash, version and CRC from the note that firmware/boot/note.S writes.
std::array<uint32_t, 3> crucible_note(const Elf& elf) {
  const auto first = elf.at<uint32_t>(32);
  const auto size = elf.at<uint16_t>(46), count = elf.at<uint16_t>(48);
  for (size_t i = 0; i < count; ++i) {
    const size_t section = first + i * size;
    static_cast<void>(elf.part(section, kSectionBytes));
    const auto at = elf.at<uint32_t>(section + 16), bytes = elf.at<uint32_t>(section + 20);
    if (elf.at<uint32_t>(section + 4) != kNote || bytes != 12 + kOwner.size() + 12) continue;
    const auto owner = elf.part(at + 12, kOwner.size());
    if (!std::equal(kOwner.begin(), kOwner.end(), owner.begin())) continue;
    const size_t words = at + 12 + kOwner.size();
    return {elf.at<uint32_t>(words), elf.at<uint32_t>(words + 4), elf.at<uint32_t>(words + 8)};
  }
  elf.refuse("it has no note of Crucible's firmware");
}

}  // namespace

FirmwareImage parse_firmware(const std::string& name, std::span<const uint8_t> bytes) {
  const Elf elf(name, bytes);
  check_header(elf);
  const auto [map_hash, version, crc] = crucible_note(elf);
  if (map_hash != spec::kMapHash)
    throw Error(ErrorKind::kDevice,
                fmt::format("{}: the firmware is for register map 0x{:08x}, this program and its "
                            "devices have 0x{:08x}; build it from the same sources",
                            name, map_hash, spec::kMapHash));
  if (version >> 16 != FW_VERSION >> 16)
    throw Error(
        ErrorKind::kDevice,
        fmt::format("{}: the firmware has version {}.{}, this program speaks to {}.x; build "
                    "it from the same sources",
                    name, version >> 16, version & 0xFFFF, FW_VERSION >> 16));
  FirmwareImage image{name, version, map_hash, {}};
  std::vector<uint8_t> all;
  for (Loaded& loaded : loaded_segments(elf)) {
    const std::vector<uint8_t>& content = loaded.segment.bytes;
    all.insert(all.end(), content.begin(),
               content.begin() + static_cast<ptrdiff_t>(loaded.in_file));
    image.segments.push_back(std::move(loaded.segment));
  }
  if (const uint32_t found = link::crc32(all); found != crc)
    elf.refuse(fmt::format("its bytes have CRC 0x{:08x}, its note says 0x{:08x}: it is damaged",
                           found, crc));
  return image;
}

FirmwareImage read_firmware(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw Error(ErrorKind::kData, fmt::format("{}: cannot read the firmware", path.string()));
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  return parse_firmware(path.string(),
                        {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

std::filesystem::path find_firmware() {
  if (const char* named = std::getenv("CRUCIBLE_FIRMWARE"); named != nullptr && *named != '\0')
    return named;
  std::filesystem::path beside =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "crucible-firmware.elf";
  if (std::filesystem::exists(beside)) return beside;
  throw Error(
      ErrorKind::kUsage,
      fmt::format("there is no '{}'; install the packages of scripts/packages.txt and build "
                  "the target firmware, or set CRUCIBLE_FIRMWARE to an ELF",
                  beside.string()));
}

}  // namespace crucible::board
