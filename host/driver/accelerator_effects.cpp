// The accelerator's effects: tables with read-back, stuck cells, chips from a seed, self-test.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/driver/accelerator.hpp"
#include "host/driver/budget.hpp"
#include "host/driver/cell_words.hpp"
#include "host/driver/effect_words.hpp"
#include "host/port/refused_error.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::driver {

using port::Step;

namespace {

/// Throws kMismatch at the first word that does not hold what was written.
void require_equal(const port::IPort& port, uint32_t address, std::span<const uint32_t> written,
                   std::span<const uint32_t> found) {
  const auto [want, got] = std::mismatch(written.begin(), written.end(), found.begin());
  if (want == written.end()) return;
  const auto word = static_cast<uint32_t>(want - written.begin());
  throw Error(
      ErrorKind::kMismatch,
      fmt::format("{}: read-back differs: {} is 0x{:08x}, 0x{:08x} was written; program it "
                  "again",
                  port.describe(), port::describe_address(address + 4 * word), *got, *want));
}

}  // namespace

void Accelerator::require_effects(const std::string& wanted) const {
  if (identity_.effects) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("{}: the device '{}' has offsets only (FEATURES.effects is 0), and {} "
                          "asked of it; use a device with effects",
                          port_->describe(), identity_.config_name, wanted));
}

void Accelerator::write_verified(uint32_t address, std::span<const uint32_t> words) {
  std::vector<uint32_t> found(words.size());
  const std::array<Step, 2> steps{Step::write(address, words), Step::read(address, found)};
  port_->run(steps);
  require_equal(*port_, address, words, found);
}

void Accelerator::apply_effects(const models::EffectSettings& effects) {
  if (!identity_.effects) {
    if (effects.any()) require_effects(describe_effects(effects) + " are");
    return;
  }
  if (effects.drift || effects.noise != models::ReadNoise::kNone) {
    const std::array<uint32_t, 6> registers = noise_and_drift_words(effects);
    if (noise_and_drift_ != registers) {
      noise_and_drift_.reset();  // not known if this fails
      write_verified(spec::kRegNoiseSeedLo, registers);
      noise_and_drift_ = registers;
    }
  }
  for (const auto& [window, words] : effect_tables(effects, identity_.geometry)) {
    const auto known = tables_.find(window);
    if (known != tables_.end() && known->second == words) continue;
    tables_.erase(window);
    write_verified(window, words);
    tables_[window] = words;
  }
}

void Accelerator::program_stuck(std::span<const uint8_t> stuck, int banks) {
  require_effects("stuck cells are");
  check_cells(stuck.size(), banks, "stuck states");
  const size_t cells = cells_of(banks);
  const auto illegal = std::find_if(stuck.begin(), stuck.end(), [](uint8_t s) { return s > 2; });
  if (illegal != stuck.end()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("stuck state {} of {}; legal is 0 free, 1 off, 2 on", *illegal,
                            describe_cell(identity_.geometry,
                                          static_cast<size_t>(illegal - stuck.begin()))));
  }
  write_verified(spec::kWindowStuck,
                 pack_levels(stuck.first(cells), levels_per_word(identity_.geometry)));
}

std::vector<int8_t> Accelerator::read_offsets(int banks) {
  std::vector<uint32_t> words(cells_of(banks) / kOffsetsPerWord);
  port_->read(spec::kWindowOffset, words);
  return unpack_offsets(words);
}

std::vector<uint8_t> Accelerator::read_stuck(int banks) {
  require_effects("stuck cells are");
  const size_t per_word = levels_per_word(identity_.geometry);
  std::vector<uint32_t> words(cells_of(banks) / per_word);
  port_->read(spec::kWindowStuck, words);
  return unpack_levels(words, per_word);
}

GenerationTraffic Accelerator::generate(const models::GeneratorSettings& settings, Generated what) {
  require_effects("chips from a seed are");
  GenerationTraffic traffic;
  const auto sent = [&] { return port_->statistics().bytes_sent; };
  const uint64_t before = sent();
  const std::array<uint32_t, 7> words = generator_words(settings);
  if (generator_ != words) {
    generator_.reset();  // not known if this fails
    write_verified(spec::kRegGenSigma01, words);
    generator_ = words;
  }
  const uint64_t programmed = sent();
  // Side by side: one short frame is a chip.
  const std::array<uint32_t, 2> chip{static_cast<uint32_t>(settings.seed),
                                     static_cast<uint32_t>(what)};
  std::fill(offsets_known_.begin(), offsets_known_.end(), false);
  job_may_run_ = true;
  port_->write(spec::kRegGenSeedLo, chip);
  const uint64_t started = sent();
  port_->wait_idle(generation_budget(identity_.geometry, settings));
  job_may_run_ = false;
  traffic.settings_bytes = programmed - before;
  traffic.chip_bytes = started - programmed;
  traffic.wait_bytes = sent() - started;
  return traffic;
}

SelfTestResult self_test_result(const std::array<uint32_t, 3>& words) {
  const auto [result, word, ramp] = words;
  SelfTestResult found;
  found.march_done = (result & spec::kSelftestResultMarchDoneMask) != 0;
  found.march_failed = (result & spec::kSelftestResultMarchFailedMask) != 0;
  found.ramp_done = (result & spec::kSelftestResultRampDoneMask) != 0;
  constexpr std::array<std::pair<uint32_t, uint32_t>, 3> kMemories{
      {{0, spec::kWindowLevel}, {1, spec::kWindowOffset}, {10, spec::kWindowStuck}}};
  const uint32_t memory =
      (result & spec::kSelftestResultMemoryMask) >> spec::kSelftestResultMemoryLsb;
  for (const auto& [number, window] : kMemories) {
    if (found.march_failed && number == memory) found.wrong_word = window + 4 * word;
  }
  found.ramp_worst =
      static_cast<int>((ramp & spec::kSelftestRampWorstMask) >> spec::kSelftestRampWorstLsb);
  found.ramp_differing = static_cast<int>((ramp & spec::kSelftestRampDifferingMask) >>
                                          spec::kSelftestRampDifferingLsb);
  return found;
}

SelfTestResult Accelerator::self_test(SelfTest what) {
  require_effects("a self-test is");
  std::fill(offsets_known_.begin(), offsets_known_.end(), false);
  job_may_run_ = true;
  port_->write_word(spec::kRegSelftest, static_cast<uint32_t>(what));
  port_->wait_idle(self_test_budget(identity_.geometry));
  job_may_run_ = false;
  std::array<uint32_t, 3> words{};
  port_->read(spec::kRegSelftestResult, words);
  return self_test_result(words);
}

void Accelerator::forget_cells() {
  generator_.reset();
  std::fill(offsets_known_.begin(), offsets_known_.end(), false);
}

}  // namespace crucible::driver
