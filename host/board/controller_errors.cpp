// What the firmware's refusals mean, in words.
#include <fmt/format.h>

#include <cstddef>
#include <span>

#include "firmware/interface/network_block.h"
#include "firmware/interface/search.h"
#include "host/board/controller.hpp"
#include "host/port/refused_error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::board {
namespace {

struct Command {
  const char* name;
  std::array<const char*, FW_ARGUMENT_COUNT> arguments;
};

/// In the order of enum fw_command.
constexpr std::array<Command, FW_CMD_SEARCH + 1> kCommands{{
    {"start", {}},
    {"INFO", {}},
    {"LOAD", {"block_at", "firmware"}},
    {"RUN", {"images_at", "count", "first_image", "logits_at"}},
    {"KEEP", {"images_at", "labels_at", "count", "first_image"}},
    {"COUNT", {}},
    {"CHIPS", {"seeds_at", "chips", "what", "counts_at"}},
    {"PATCHES", {"list_at", "words", "patches", "keep", "counts_at"}},
    {"SELF_TEST", {"what"}},
    {"CALIBRATE", {"apply", "zeros_at"}},
    {"SEARCH", {"wanted_at", "scratch_at", "counts_at"}},
}};

constexpr std::array kSearchFields{"kind",    "measurements", "seed_lo", "seed_hi",
                                   "clip_lo", "clip_hi",      "weights"};
static_assert(sizeof(fw_search) == 4 * kSearchFields.size());

constexpr std::array kHeaderFields{"magic",  "version",   "bytes",       "crc",    "config_hash",
                                   "layers", "layers_at", "image_bytes", "classes"};
static_assert(sizeof(fw_block_header) == 4 * kHeaderFields.size());

constexpr std::array kLayerFields{
    "kind",         "in_channels",   "in_height", "in_width", "kernel",     "pad",
    "out_channels", "pool",          "adc",       "wide",     "row_blocks", "column_blocks",
    "block_rows",   "block_outputs", "banks_at",  "bias_at",  "multiplier", "shift"};
static_assert(sizeof(fw_layer) == 4 * kLayerFields.size());

template <typename Names>
const char* name_of(const Names& names, uint32_t word) {
  return word < names.size() && names[word] != nullptr ? names[word] : "?";
}

std::string range(uint32_t value, uint32_t least, uint32_t most) {
  if (least > most) return fmt::format("is {}, and there is no room for it", value);
  if (least == most)
    return fmt::format("is {} (0x{:x}) and must be {} (0x{:x})", value, value, least, least);
  return fmt::format("is {} (0x{:x}); legal is {} to {}", value, value, least, most);
}

std::string describe_block(const Results& r) {
  const auto [place, layer, word, value, least, most] = r;
  if (place == FW_IN_HEADER) {
    const char* name = name_of(kHeaderFields, word);
    if (word == offsetof(fw_block_header, bytes) / 4 && value > most && least == 0)
      return fmt::format(
          "the network does not fit the board memory: its block and its buffers need {} bytes, "
          "{} bytes more than there are",
          value, value - most);
    return fmt::format("the network block is refused: {} of its header {}", name,
                       range(value, least, most));
  }
  if (place == FW_IN_BANKS)
    return fmt::format("the network block is refused: layer {}, bank {} of its list {}", layer,
                       word, range(value, least, most));
  if (place == FW_IN_BIAS)
    return fmt::format(
        "the network block is refused: layer {}: the bias of output {} is beyond "
        "what its sums leave room for",
        layer, word);
  return fmt::format("the network block is refused: layer {}: {} {}", layer,
                     name_of(kLayerFields, word), range(value, least, most));
}

std::string describe_search(const Results& r) {
  const auto [word, value, least, most, unused4, unused5] = r;
  if (word < kSearchFields.size())
    return fmt::format("the search is refused: {} {}", kSearchFields[word],
                       range(value, least, most));
  const auto at = static_cast<uint32_t>(word - kSearchFields.size());
  return fmt::format("the search is refused: layer {}: {} {}", at / 2,
                     at % 2 == 0 ? "steps" : "rules", range(value, least, most));
}

std::string describe_trap(const Results& r) {
  const auto [lines, address, stack, caller, fault_at, fault_info] = r;
  std::string cause;
  if ((lines & FW_TRAP_FAULT) != 0) {
    const auto status = (fault_info & spec::kFaultInfoStatusMask) >> spec::kFaultInfoStatusLsb;
    cause = fmt::format("the bus refused its {} {} with status {}",
                        (fault_info & spec::kFaultInfoWriteMask) != 0 ? "store to" : "load from",
                        port::describe_address(fault_at), status);
  } else if ((lines & FW_TRAP_MISALIGNED) != 0) {
    cause = "a misaligned access";
  } else if ((lines & FW_TRAP_ILLEGAL) != 0) {
    cause = "an illegal instruction";
  } else if ((lines & FW_TRAP_WATCHDOG) != 0) {
    cause = "the watchdog";
  } else {
    cause = "an interrupt of no known cause";
  }
  return fmt::format(
      "the firmware trapped: {}, at or shortly before 0x{:08x} (interrupt lines "
      "0x{:x}, stack 0x{:08x}, return address 0x{:08x}); start it again",
      cause, address, lines, stack, caller);
}

/// Word of a descriptor of the layer engine.
constexpr std::array kDescriptorFields{
    "flags",        "in_channels", "in_height",  "in_width",      "kernel",     "pad",
    "out_channels", "adc",         "row_blocks", "column_blocks", "block_rows", "block_outputs",
    "first_bank",   "bias_at",     "multiplier", "shift"};

std::string describe_engine(const Results& r) {
  const auto part = [&](uint32_t mask, uint32_t lsb) { return (r[0] & mask) >> lsb; };
  const uint32_t layer = part(spec::kEngineStatusLayerMask, spec::kEngineStatusLayerLsb);
  const uint32_t word = part(spec::kEngineStatusWordMask, spec::kEngineStatusWordLsb);
  switch (part(spec::kEngineStatusReasonMask, spec::kEngineStatusReasonLsb)) {
    case 1:
      return fmt::format("the layer engine refuses {} = 0x{:08x}; load the network again",
                         port::describe_address(spec::kRegEngineInfo + 4 * word), r[1]);
    case 2:
      return fmt::format(
          "the layer engine refuses layer {}: {} is {} (0x{:x}); somebody has changed its "
          "descriptor: load the network again",
          layer, name_of(kDescriptorFields, word), r[1], r[1]);
    case 3:
      return "the layer engine was stopped";
    default:
      return fmt::format("the tile gives the layer engine no products in layer {}; reset the board",
                         layer);
  }
}

}  // namespace

const char* command_name(uint32_t command) {
  return command < kCommands.size() ? kCommands[command].name : "an unknown command";
}

std::string describe_answer(uint32_t command, uint32_t status, const Results& r) {
  switch (status) {
    case FW_UNKNOWN_COMMAND:
      return fmt::format("the firmware knows no command {}; load the firmware of this program",
                         r[0]);
    case FW_BAD_ARGUMENT:
      return fmt::format(
          "argument {} {}",
          command < kCommands.size() ? name_of(kCommands[command].arguments, r[0]) : "?",
          range(r[1], r[2], r[3]));
    case FW_NO_NETWORK:
      return "no network is loaded; load one first";
    case FW_BAD_NETWORK:
      return describe_block(r);
    case FW_NO_IMAGES:
      return "the board keeps no images; keep some first";
    case FW_NO_EFFECTS:
      return "the device has offsets only (FEATURES.effects is 0)";
    case FW_WRONG_MAP:
      return fmt::format("the firmware is for register map 0x{:08x}, the device has 0x{:08x}", r[0],
                         r[1]);
    case FW_BAD_PATCH:
      return fmt::format("patch {} leaves its list or names a cell that is not there", r[0]);
    case FW_BAD_SEARCH:
      return describe_search(r);
    case FW_ENGINE:
      return describe_engine(r);
    case FW_TRAP:
      return describe_trap(r);
    default:
      return fmt::format("answered with status {}, which this program does not know", status);
  }
}

}  // namespace crucible::board
