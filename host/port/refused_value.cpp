#include "host/port/refused_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "models/device/register_rules.hpp"
#include "spec/gen/crucible_map.hpp"

namespace crucible::port {

namespace {

std::string describe_fields(const spec::RegisterInfo& at, uint32_t word) {
  std::vector<std::string> faults;
  uint32_t fields = 0;
  for (const spec::FieldInfo& part : at.fields) {
    const uint32_t value = models::field(word, part.mask, part.lsb);
    fields |= part.mask;
    if (value >= part.minimum && value <= part.maximum) continue;
    faults.push_back(fmt::format("{}.{} is {}, legal is {} .. {}", at.name, part.name, value,
                                 part.minimum, part.maximum));
  }
  if ((word & ~fields) != 0) {
    std::vector<std::string> legal;
    for (const spec::FieldInfo& part : at.fields)
      legal.push_back(fmt::format("{} {} .. {}", part.name, part.minimum, part.maximum));
    faults.push_back(
        fmt::format("{} is 0x{:08x}, and bits 0x{:08x} of it belong to no field; "
                    "legal is {}",
                    at.name, word, word & ~fields, fmt::join(legal, ", ")));
  }
  if (faults.empty() && at.address == spec::kRegGenStuck) {
    const uint32_t off = models::field(word, spec::kGenStuckOffMask, spec::kGenStuckOffLsb),
                   on = models::field(word, spec::kGenStuckOnMask, spec::kGenStuckOnLsb);
    faults.push_back(fmt::format("GEN_STUCK.off + on is {} + {} = {}, legal is at most 65535", off,
                                 on, off + on));
  }
  if (faults.empty() && at.address == spec::kRegJobStart)
    faults.emplace_back("the job that JOB_BANK to JOB_OUT describe does not fit the tile");
  return fmt::format("{}", fmt::join(faults, "; "));
}

std::string describe_stuck(uint32_t word) {
  for (uint32_t cell = 0; cell < 16; ++cell) {
    if ((word >> (2 * cell) & 3) == 3)
      return fmt::format("cell {} of the word is 3, legal is 0 free, 1 off, 2 on", cell);
  }
  return "";
}

}  // namespace

std::string describe_value(uint32_t address, uint32_t word) {
  if (const spec::RegisterInfo* at = spec::find_register(address))
    return describe_fields(*at, word);
  const spec::WindowInfo* window = spec::find_window(address);
  if (window == nullptr) return "";
  switch (window->address) {
    case spec::kWindowAdcOffset:
      return fmt::format(
          "the offset is 0x{:08x}, legal is -32768 .. 32767 sign-extended to the word", word);
    case spec::kWindowColumnTable:
    case spec::kWindowRowTable:
      return fmt::format("the attenuation (bits 15:0) is {}, legal is 0 .. 32767", word & 0xFFFF);
    case spec::kWindowStuck:
      return describe_stuck(word);
    default:
      return "";
  }
}

}  // namespace crucible::port
