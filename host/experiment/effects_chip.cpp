#include "host/experiment/effects_chip.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/driver/cell_words.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::experiment {

void add_effects(models::CompiledNetwork& network, const EffectsPlan& plan) {
  network.common.effects = plan.settings;
  network.common.adc_offset = plan.adc_offset;
  if (plan.makes_offsets()) network.common.inject = true;
}

EffectsChip make_chip(const EffectsPlan& plan, const models::CompiledNetwork& network,
                      uint64_t seed, models::ChipOffsets offsets) {
  EffectsChip chip;
  chip.offsets = std::move(offsets);
  chip.stuck = plan.stuck_map;
  models::GeneratorSettings settings = plan.generator;
  settings.seed = seed;
  if (plan.makes_offsets())
    chip.offsets = models::generate_offsets(network.levels, settings, chip.pulses, chip.unverified);
  if (plan.makes_stuck()) chip.stuck = models::generate_stuck(network.levels.size(), settings);
  return chip;
}

int banks_of(const EffectsPlan& plan, const models::CompiledNetwork& network) {
  return plan.generated ? network.geometry.banks : banks_in_use(network);
}

void program_campaign(driver::Accelerator& device, const EffectsPlan& plan,
                      const models::CompiledNetwork& network, const EffectsChip& chip) {
  const int banks = banks_of(plan, network);
  device.program_levels(network.levels, banks);
  device.apply(network.settings(0));
  if (!plan.makes_offsets()) device.write_offsets(chip.offsets, banks);
  if (!plan.stuck_map.empty()) device.program_stuck(plan.stuck_map, banks);
}

driver::GenerationTraffic generate_on(driver::Accelerator& device, const EffectsPlan& plan,
                                      uint64_t seed) {
  if (!plan.generated) return {};
  models::GeneratorSettings settings = plan.generator;
  settings.seed = seed;
  return device.generate(settings, *plan.generated);
}

void verify_chip(driver::Accelerator& device, const EffectsChip& chip) {
  const models::TileGeometry& geometry = device.identity().geometry;
  device.verify_offsets(chip.offsets, geometry.banks);
  if (chip.stuck.empty()) return;
  const std::vector<uint8_t> found = device.read_stuck(geometry.banks);
  const auto [got, want] = std::mismatch(found.begin(), found.end(), chip.stuck.begin());
  if (got == found.end()) return;
  throw Error(
      ErrorKind::kMismatch,
      fmt::format("{}: the stuck state of {} is {}, the model's is {}", device.port().describe(),
                  driver::describe_cell(geometry, static_cast<size_t>(got - found.begin())), *got,
                  *want));
}

void require_equal_counters(const driver::DeviceCounters& device, const std::string& name,
                            const models::TileCounters& model, uint64_t pulses,
                            uint64_t unverified) {
  const struct {
    const char* counter;
    uint32_t device;
    uint64_t model;
  } counters[] = {{"products", device.products, model.products},
                  {"saturations", device.saturations, model.saturations},
                  {"clamps", device.clamps, model.clamps},
                  {"reads", device.reads, model.reads},
                  {"pulses", device.pulses, pulses},
                  {"unverified cells", device.unverified, unverified}};
  for (const auto& [counter, found, expected] : counters) {
    if (found == static_cast<uint32_t>(expected)) continue;
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}: the device counted {} {}, the model {} (modulo 2^32)", name, found,
                            counter, static_cast<uint32_t>(expected)));
  }
}

}  // namespace crucible::experiment
