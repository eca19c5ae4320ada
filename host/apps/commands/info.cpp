// `crucible info`: this program, and a device.
#include <fmt/format.h>

#include "host/apps/command.hpp"
#include "host/base/program_version.hpp"
#include "host/data/dataset.hpp"
#include "host/driver/accelerator.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/workbench.hpp"
#include "host/record/recording_port.hpp"
#include "host/search/device/registry.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/optimiser/optimiser.hpp"
#include "host/search/registry.hpp"
#include "host/search/start.hpp"
#include "models/tile/tile_twin.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

Json program_json() {
  Json json = {{"version", program_version()},
               {"commit", program_commit()},
               {"map_hash", fmt::format("{:08x}", spec::kMapHash)},
               {"protocol", spec::kProtocolVersion},
               {"kernel", models::kernel_name(models::best_kernel())}};
  for (const auto& config : spec::kConfigs) {
    json["hardware"][std::string(config.name)] = {
        {"rows", config.rows},
        {"cols", config.cols},
        {"banks", config.banks},
        {"config_hash", fmt::format("{:08x}", config.hash)}};
  }
  for (const search::MethodEntry& method : search::methods()) {
    json["methods"][method.name] = method.summary;
  }
  for (const search::DeviceMethodEntry& method : search::device_methods())
    json["device_methods"][method.name] = method.summary;
  for (const auto& loss : search::losses()) json["losses"][loss.name] = loss.summary;
  for (const auto& optimiser : search::optimisers())
    json["optimisers"][optimiser.name] = optimiser.summary;
  for (const auto& start : search::starts()) json["starts"][start.name] = start.summary;
  return json;
}

std::string program_text() {
  std::string text = fmt::format(
      "crucible {} (commit {})\n  kernel    {}\n  registers map {}.{}, hash {:08x}, protocol {}\n",
      program_version(), program_commit(), models::kernel_name(models::best_kernel()),
      spec::kMapMajor, spec::kMapMinor, spec::kMapHash, spec::kProtocolVersion);
  text += "Hardware configurations\n";
  for (const auto& config : spec::kConfigs) {
    text += fmt::format("  {:<9} {} rows x {} columns x {} banks, hash {:08x}\n", config.name,
                        config.rows, config.cols, config.banks, config.hash);
  }
  text += "Search methods\n";
  for (const search::MethodEntry& method : search::methods()) {
    text += fmt::format("  {:<14} {}\n", method.name, method.summary);
  }
  text += "Search methods with hardware in the loop ('crucible search' alone)\n";
  for (const search::DeviceMethodEntry& method : search::device_methods())
    text += fmt::format("  {:<16} {}\n", method.name, method.summary);
  text += "Losses (--method climb --loss)\n";
  for (const auto& loss : search::losses())
    text += fmt::format("  {:<14} {}\n", loss.name, loss.summary);
  text += "Optimisers (--method climb --optimiser)\n";
  for (const auto& optimiser : search::optimisers())
    text += fmt::format("  {:<14} {}\n", optimiser.name, optimiser.summary);
  text += "Starts (--method climb --start)\n";
  for (const auto& start : search::starts())
    text += fmt::format("  {:<14} {}\n", start.name, start.summary);
  return text;
}

void info(Program& program) {
  Json json = {{"crucible", program_json()}};
  std::string text = program_text();
  const experiment::ExperimentConfig config = program.options().resolve();
  const auto mnist = data::find_mnist(config.data.folder);
  json["data"] = mnist ? Json(mnist->string()) : Json("generated strokes");
  text += fmt::format("Data\n  {}\n", mnist ? "MNIST in " + mnist->string()
                                            : std::string("no MNIST found: generated strokes"));
  if (!program.options().address.empty()) {
    const std::string address = experiment::device_address(config.device);
    driver::Accelerator device(record::open_port(address));
    const driver::Identity& id = device.identity();
    const driver::DeviceCounters counters = device.counters();
    json["device"] = experiment::identity_json(id);
    json["device"]["address"] = address;
    json["device"]["counters"] = {
        {"cycles", counters.cycles},           {"products", counters.products},
        {"saturations", counters.saturations}, {"busy_cycles", counters.busy_cycles},
        {"clamps", counters.clamps},           {"reads", counters.reads},
        {"pulses", counters.pulses},           {"unverified", counters.unverified}};
    text += fmt::format(
        "Device {}\n  hardware  '{}', {} rows x {} columns x {} banks, hash {:08x}\n"
        "  registers map {}.{}, hash {:08x}, protocol {}\n"
        "  numbers   {}-bit inputs, {}-bit cells, {} slices, {}-bit offsets\n"
        "  buffers   {} input words, {} output words; {} responses kept, payload up to {} words\n"
        "  features  {}{}\n"
        "  counters  {} cycles, {} products, {} saturations{}\n",
        address, id.config_name, id.geometry.rows, id.geometry.cols, id.geometry.banks,
        id.config_hash, id.map_major, id.map_minor, id.map_hash, id.protocol, id.in_bits,
        id.cell_bits, id.slices, id.offset_bits, id.in_words, id.out_words, id.kept_responses,
        id.max_payload,
        id.effects ? "effects (docs/effects.md), chips from seeds, write-verify, self-test"
                   : "offsets only",
        id.memory_bytes != 0
            ? fmt::format("; a controller with {} bytes of memory", id.memory_bytes)
            : "",
        counters.cycles, counters.products, counters.saturations,
        id.effects
            ? fmt::format(", {} clamps, {} rows read, {} pulses, {} cells unverified",
                          counters.clamps, counters.reads, counters.pulses, counters.unverified)
            : "");
  }
  program.output(json, text);
}

}  // namespace

void add_info(Program& program) {
  program.add_command("info", "Say what this program knows, and what a device says about itself",
                      "  crucible info\n  crucible info --address sim:rtl --json",
                      [&program] { info(program); });
}

}  // namespace crucible::apps
