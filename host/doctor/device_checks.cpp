#include "host/doctor/device_checks.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "host/base/random.hpp"
#include "host/port/refused_error.hpp"
#include "models/network/twin_engine.hpp"
#include "models/tile/self_test.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::doctor {
namespace {

/// First word of a window that does not hold what was written; none where all do.
std::string march_window(port::IPort& port, uint32_t window, size_t words) {
  std::vector<uint32_t> found(words);
  for (const uint32_t pattern : {0x00000000U, 0xFFFFFFFFU, 0x55555555U, 0xAAAAAAAAU, 0U}) {
    // A different word at each address, so that one that answers for another shows.
    std::vector<uint32_t> written(words);
    for (size_t i = 0; i < words; ++i)
      written[i] = pattern ^ (pattern == 0x55555555U ? static_cast<uint32_t>(i * 0x9E3779B9U) : 0U);
    port.write(window, written);
    port.read(window, found);
    for (size_t i = 0; i < words; ++i)
      if (found[i] != written[i])
        return fmt::format("{}: 0x{:08x} was written, 0x{:08x} is there",
                           port::describe_address(window + 4 * static_cast<uint32_t>(i)),
                           written[i], found[i]);
  }
  return "";
}

/// Two fully connected layers where there are banks for them, else one.
models::QuantisedNetwork random_network(const models::TileGeometry& tile, CounterRandom& random) {
  const int inputs = std::min(tile.rows, 16);
  const bool two = tile.banks >= 4;
  models::QuantisedNetwork network;
  network.name = "doctor";
  double x_scale = 1.0 / 255;
  for (int l = 0; l < (two ? 2 : 1); ++l) {
    models::QuantisedLayer layer;
    layer.shape.name = fmt::format("fc{}", l + 1);
    layer.shape.in_channels = l == 0 ? inputs : 2;
    layer.shape.out_channels = two || tile.banks * (tile.cols / 4) >= 2 ? 2 : 1;
    layer.w_scale = 0.02;
    layer.x_scale = x_scale;
    for (int i = 0; i < layer.shape.weight_count(); ++i)
      layer.weights.push_back(static_cast<int8_t>(random.between(-15, 15)));
    layer.weights.front() = 15;
    layer.bias.assign(static_cast<size_t>(layer.shape.out_channels), 0.05F);
    network.layers.push_back(layer);
    x_scale *= layer.w_scale * 4.0 * std::sqrt(layer.shape.fan_in());
  }
  return network;
}

}  // namespace

Finding examine_identity(port::IPort& port) {
  try {
    const driver::Identity id = driver::read_identity(port);
    return {"identity", Verdict::kPass,
            fmt::format("'{}', {} rows, {} columns, {} banks, configuration {:08x}; map {}.{} "
                        "{:08x} and protocol {} on both sides",
                        id.config_name, id.geometry.rows, id.geometry.cols, id.geometry.banks,
                        id.config_hash, id.map_major, id.map_minor, id.map_hash, id.protocol),
            ""};
  } catch (const Error& error) {
    return {"identity", Verdict::kFail, error.what(),
            "build bitstream and program from the same commit, or load this program's bitstream"};
  }
}

Finding examine_link(port::IPort& port, const std::string& name, int frames, uint64_t seed) {
  CounterRandom random(seed);
  const port::PortStatistics before = port.statistics();
  const auto start = std::chrono::steady_clock::now();
  try {
    for (int i = 0; i < frames; ++i) {
      const auto word = static_cast<uint32_t>(random.next());
      port.write_word(spec::kRegScratch, word);
      const uint32_t found = port.read_word(spec::kRegScratch);
      if (found != word)
        return {name, Verdict::kFail,
                fmt::format("SCRATCH: 0x{:08x} was written, 0x{:08x} read, past two checks of CRC",
                            word, found),
                "report this with a recording (crucible record): it must not happen"};
    }
  } catch (const Error& error) {
    return {name, Verdict::kFail, error.what(),
            "check cable, ground and rate; a shorter cable or a lower rate"};
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const port::PortStatistics after = port.statistics();
  const uint64_t sent = after.frames - before.frames, again = after.retries - before.retries;
  if (after.bytes_sent == 0)
    return {name, Verdict::kSkip, "the device is in this process: no wire", ""};
  const std::string text =
      fmt::format("{} frames, {} sent again ({:.2f} %), {:.2f} ms for a frame and its answer", sent,
                  again, 100.0 * static_cast<double>(again) / static_cast<double>(sent),
                  1000 * seconds / static_cast<double>(sent));
  if (again == 0) return {name, Verdict::kPass, text, ""};
  return {name, Verdict::kFail, text,
          "check cable and ground, or take a lower rate; results stay right, but slow"};
}

Finding examine_memory(driver::Accelerator& device) {
  const models::TileGeometry& tile = device.identity().geometry;
  if (device.identity().effects) {
    const driver::SelfTestResult found = device.self_test(driver::SelfTest::kMarch);
    if (found.march_done && !found.march_failed)
      return {"memory", Verdict::kPass, "the device's march found every cell memory good", ""};
    return {
        "memory", Verdict::kFail,
        fmt::format("the device's march failed at {}", port::describe_address(found.wrong_word)),
        "power-cycle the board; if it stays, the part or its timing is faulty"};
  }
  device.forget_cells();
  const auto rows = static_cast<size_t>(tile.rows) * static_cast<size_t>(tile.banks);
  const auto cols = static_cast<size_t>(tile.cols);
  std::string wrong = march_window(device.port(), spec::kWindowOffset, rows * cols / 4);
  // A word of LEVEL has as many cells as the tile has columns, up to 16; others do not exist.
  if (wrong.empty() && cols >= 16)
    wrong = march_window(device.port(), spec::kWindowLevel, rows * cols / 16);
  if (wrong.empty())
    wrong = march_window(device.port(), spec::kWindowInput,
                         static_cast<size_t>(device.identity().in_words));
  if (wrong.empty())
    return {"memory", Verdict::kPass, "offsets and inputs hold every pattern of a march", ""};
  return {"memory", Verdict::kFail, wrong,
          "power-cycle the board; if it stays, the part or its timing is faulty"};
}

Finding examine_converters(driver::Accelerator& device) {
  const driver::Identity& id = device.identity();
  if (!id.effects)
    return {"ramp", Verdict::kSkip, "the device has no ramp; the network tests its converters", ""};
  models::TileSettings settings;
  settings.adc = {false, 8, 8};
  device.apply(settings);
  const driver::SelfTestResult found = device.self_test(driver::SelfTest::kRamp);
  const models::RampResult expected = models::adc_ramp(settings, id.geometry.cols);
  const std::string text = fmt::format(
      "ramp over {} converters: largest difference {}, {} codes differ; the model's {}, {}",
      id.geometry.cols, found.ramp_worst, found.ramp_differing, expected.worst, expected.differing);
  if (found.ramp_worst == static_cast<int>(expected.worst) &&
      found.ramp_differing == static_cast<int>(expected.differing))
    return {"ramp", Verdict::kPass, text, ""};
  return {"ramp", Verdict::kFail, text, "record it (crucible record) and replay it on sim:rtl"};
}

Finding examine_network(driver::Accelerator& device, uint64_t seed) {
  constexpr int kImages = 8;
  CounterRandom random(seed, 1);
  const models::TileGeometry& tile = device.identity().geometry;
  const models::QuantisedNetwork network = random_network(tile, random);
  models::TileSettings common;
  common.inject = true;
  common.lsb_exp = 8;
  common.base = 16;
  models::AdcPlan plan;
  plan.step_exp.assign(network.layers.size(), 0);
  const models::CompiledNetwork compiled = models::compile(network, tile, common, plan);
  models::ChipOffsets offsets(tile.cells());
  for (int8_t& offset : offsets) offset = static_cast<int8_t>(random.between(-100, 100));
  std::vector<uint8_t> images(static_cast<size_t>(kImages * compiled.input_size()));
  for (uint8_t& pixel : images) pixel = static_cast<uint8_t>(random.next());
  device.program_levels(compiled.levels, tile.banks);
  device.update_offsets(offsets, tile.banks);
  std::vector<int64_t> found(static_cast<size_t>(kImages * compiled.classes())),
      expected(found.size());
  driver::DeviceEngine engine(device, compiled);
  models::run_pipeline(compiled, engine, images, kImages, found);
  models::TwinEngine twin(compiled, offsets);
  models::run_pipeline(compiled, twin, images, kImages, expected);
  size_t differing = 0;
  for (size_t i = 0; i < found.size(); ++i) differing += found[i] != expected[i] ? 1 : 0;
  const std::string text = fmt::format(
      "a random network of {} layers with random offsets: {} of {} logits equal the "
      "model's",
      network.layers.size(), found.size() - differing, found.size());
  if (differing == 0) return {"network", Verdict::kPass, text, ""};
  return {"network", Verdict::kFail, text, "record it (crucible record) and replay it on sim:rtl"};
}

}  // namespace crucible::doctor
