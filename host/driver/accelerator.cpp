#include "host/driver/accelerator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/driver/cell_words.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::driver {

using port::Step;

namespace {

/// Longest job: 65535 products of a full tile, with room to spare.
constexpr uint32_t kAnyJobCycles = 200'000'000;

template <typename Value>
void compare(const port::IPort& port, const models::TileGeometry& geometry, const char* what,
             std::span<const Value> expected, std::span<const Value> found) {
  const auto [want, got] = std::mismatch(expected.begin(), expected.end(), found.begin());
  if (want == expected.end()) return;
  size_t differing = 0;
  for (size_t i = 0; i < expected.size(); ++i) differing += expected[i] != found[i] ? 1 : 0;
  throw Error(
      ErrorKind::kMismatch,
      fmt::format("{}: read-back differs: the {} of {} is {}, {} was written; {} of {} cells "
                  "differ; program it again",
                  port.describe(), what,
                  describe_cell(geometry, static_cast<size_t>(want - expected.begin())),
                  static_cast<int>(*got), static_cast<int>(*want), differing, expected.size()));
}

}  // namespace

Accelerator::Accelerator(std::unique_ptr<port::IPort> port)
    : port_(std::move(port)), identity_(read_identity(*port_)) {
  port_->wait_idle(kAnyJobCycles);
  offsets_.resize(identity_.geometry.cells());
  offsets_known_.resize(static_cast<size_t>(identity_.geometry.banks));
}

Accelerator::~Accelerator() {
  if (!job_may_run_) return;
  try {
    port_->wait_idle(kAnyJobCycles);
  } catch (const Error&) {
    // The device is gone or hangs; the error that brought us here has told.
  }
}

void Accelerator::run(std::span<const Step> steps) {
  job_may_run_ = true;
  port_->run(steps);
  job_may_run_ = false;
}

DeviceCounters Accelerator::counters() {
  std::array<uint32_t, 5> words{};
  std::array<uint32_t, 4> more{};
  port_->read(spec::kRegCyclesLo, words);
  if (identity_.effects) port_->read(spec::kRegClamps, more);
  const auto [low, high, products, saturations, busy] = words;
  const auto [clamps, reads, pulses, unverified] = more;
  return {
      low | uint64_t{high} << 32, products, saturations, busy, clamps, reads, pulses, unverified};
}

void Accelerator::clear_counters() {
  port_->write_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
}

void Accelerator::apply(const models::TileSettings& settings) {
  models::TileSettings wanted = settings;
  const auto cols = static_cast<size_t>(identity_.geometry.cols);
  if (wanted.adc_offset.size() > cols) {
    throw Error(ErrorKind::kUsage, fmt::format("{} ADC offsets for a tile of {} columns",
                                               wanted.adc_offset.size(), cols));
  }
  wanted.adc_offset.resize(cols);
  if (settings_ == wanted) return;
  apply_effects(wanted.effects);
  const std::array<uint32_t, 4> registers{
      (wanted.inject ? spec::kInjectEnableMask : 0) | static_cast<uint32_t>(wanted.lsb_exp)
                                                          << spec::kInjectLsbExpLsb,
      static_cast<uint32_t>(wanted.base),
      static_cast<uint32_t>(wanted.adc.shift) << spec::kAdcShiftLsb |
          static_cast<uint32_t>(wanted.adc.bits) << spec::kAdcBitsLsb |
          (wanted.adc.transparent ? spec::kAdcTransparentMask : 0),
      effects_word(wanted.effects)};
  const std::span<const uint32_t> present =
      std::span(registers).first(identity_.effects ? registers.size() : registers.size() - 1);
  std::vector<uint32_t> adc_offset;
  for (const int16_t offset : wanted.adc_offset)
    adc_offset.push_back(static_cast<uint32_t>(int32_t{offset}));
  std::vector<Step> steps;
  if (!settings_ || settings_->adc_offset != wanted.adc_offset)
    steps.push_back(Step::write(spec::kWindowAdcOffset, adc_offset));
  steps.push_back(Step::write(spec::kRegInject, present));
  settings_.reset();  // not known if this fails
  port_->run(steps);
  settings_ = std::move(wanted);
}

void Accelerator::check_cells(size_t have, int banks, const char* what) const {
  const models::TileGeometry& geometry = identity_.geometry;
  const size_t need = static_cast<size_t>(geometry.rows) * static_cast<size_t>(geometry.cols) *
                      static_cast<size_t>(std::max(banks, 0));
  if (banks >= 1 && banks <= geometry.banks && have >= need) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("{} for {} banks of {} x {} cells: {} values, and the tile has {} banks",
                          what, banks, geometry.rows, geometry.cols, have, geometry.banks));
}

size_t Accelerator::cells_of(int banks) const {
  return identity_.geometry.cells() / static_cast<size_t>(identity_.geometry.banks) *
         static_cast<size_t>(banks);
}

void Accelerator::program_levels(std::span<const uint8_t> levels, int banks) {
  check_cells(levels.size(), banks, "levels");
  const size_t cells = cells_of(banks);
  port_->write(spec::kWindowLevel,
               pack_levels(levels.first(cells), levels_per_word(identity_.geometry)));
  verify_levels(levels, banks);
}

void Accelerator::verify_levels(std::span<const uint8_t> levels, int banks) {
  check_cells(levels.size(), banks, "levels");
  const size_t per_word = levels_per_word(identity_.geometry);
  const size_t cells = cells_of(banks);
  std::vector<uint32_t> words(cells / per_word);
  port_->read(spec::kWindowLevel, words);
  compare<uint8_t>(*port_, identity_.geometry, "level", levels.first(cells),
                   unpack_levels(words, per_word));
}

void Accelerator::write_offsets(std::span<const int8_t> offsets, int banks) {
  check_cells(offsets.size(), banks, "offsets");
  const size_t cells = cells_of(banks);
  std::fill_n(offsets_known_.begin(), banks, false);
  port_->write(spec::kWindowOffset, pack_offsets(offsets.first(cells)));
  std::copy_n(offsets.begin(), cells, offsets_.begin());
  std::fill_n(offsets_known_.begin(), banks, true);
}

size_t Accelerator::update_offsets(std::span<const int8_t> offsets, int banks) {
  check_cells(offsets.size(), banks, "offsets");
  const size_t cells = cells_of(banks);
  if (!std::all_of(offsets_known_.begin(), offsets_known_.begin() + banks,
                   [](bool known) { return known; })) {
    // What an earlier program left behind is read once; reading costs what a dense write would.
    const std::vector<int8_t> present = read_offsets(banks);
    std::copy(present.begin(), present.end(), offsets_.begin());
    std::fill_n(offsets_known_.begin(), banks, true);
  }
  const std::span<const int8_t> now = std::span<const int8_t>(offsets_).first(cells);
  const OffsetUpdate update =
      plan_update(now, offsets.first(cells), static_cast<size_t>(identity_.max_payload));
  const std::vector<uint32_t> words = pack_offsets(offsets.first(cells));
  std::vector<Step> steps;
  for (const OffsetUpdate::Burst& burst : update.bursts) {
    steps.push_back(Step::write(spec::kWindowOffset + static_cast<uint32_t>(4 * burst.first_word),
                                std::span(words).subspan(burst.first_word, burst.words)));
  }
  if (!update.pokes.empty()) steps.push_back(Step::write_fixed(spec::kRegCellPoke, update.pokes));
  std::fill_n(offsets_known_.begin(), banks, false);
  port_->run(steps);
  std::copy_n(offsets.begin(), cells, offsets_.begin());
  std::fill_n(offsets_known_.begin(), banks, true);
  return update.cells_changed;
}

void Accelerator::verify_offsets(std::span<const int8_t> offsets, int banks) {
  check_cells(offsets.size(), banks, "offsets");
  const size_t cells = cells_of(banks);
  compare<int8_t>(*port_, identity_.geometry, "offset", offsets.first(cells), read_offsets(banks));
}

}  // namespace crucible::driver
