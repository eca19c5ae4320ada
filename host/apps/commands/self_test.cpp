// `crucible self-test`: the device tests its cell memories and its ADCs.
#include <fmt/format.h>

#include "host/apps/command.hpp"
#include "host/driver/accelerator.hpp"
#include "host/experiment/effects_file.hpp"
#include "host/experiment/workbench.hpp"
#include "host/port/refused_error.hpp"
#include "host/record/recording_port.hpp"
#include "models/error.hpp"
#include "models/tile/self_test.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

struct SelfTestOptions {
  std::string effects;
  std::string only;
  int adc_shift = 8, adc_bits = 8;
};

std::string march_text(const driver::SelfTestResult& result) {
  if (!result.march_failed) {
    return "  march  LEVEL, OFFSET and STUCK hold zeros and ones in every word (March C-); all are "
           "zero now\n";
  }
  return fmt::format("  march  FAILED and ended at the first word that was read back wrong, {}\n",
                     port::describe_address(result.wrong_word));
}

void self_test(Program& program, const SelfTestOptions& options) {
  const experiment::ExperimentConfig config = program.options().resolve();
  const std::string address = experiment::device_address(config.device);
  driver::Accelerator device(record::open_port(address));
  const models::TileGeometry& geometry = device.identity().geometry;
  models::TileSettings settings;
  settings.adc = {false, options.adc_shift, options.adc_bits};
  if (!options.effects.empty()) {
    const experiment::EffectsPlan plan = experiment::load_effects(options.effects, geometry);
    settings.effects = plan.settings;
    settings.adc_offset = plan.adc_offset;
  }
  const driver::SelfTest what = options.only == "march"  ? driver::SelfTest::kMarch
                                : options.only == "ramp" ? driver::SelfTest::kRamp
                                                         : driver::SelfTest::kBoth;
  device.apply(settings);
  const driver::SelfTestResult found = device.self_test(what);
  Json json = {{"address", address}};
  std::string text = fmt::format("Self-test of {}\n", address);
  if (what != driver::SelfTest::kRamp) {
    json["march"] = {{"passed", !found.march_failed}};
    if (found.march_failed) json["march"]["wrong_word"] = port::describe_address(found.wrong_word);
    text += march_text(found);
  }
  const models::RampResult expected = models::adc_ramp(settings, geometry.cols);
  if (what != driver::SelfTest::kMarch) {
    json["ramp"] = {{"bits", options.adc_bits},
                    {"shift", options.adc_shift},
                    {"worst", found.ramp_worst},
                    {"differing", found.ramp_differing},
                    {"model", {{"worst", expected.worst}, {"differing", expected.differing}}}};
    text += fmt::format(
        "  ramp   {} codes on each of {} columns: the largest difference is {}, {} codes differ; "
        "the model's: {}, {}\n",
        1 << options.adc_bits, geometry.cols, found.ramp_worst, found.ramp_differing,
        expected.worst, expected.differing);
  }
  program.output(json, text);
  if (found.march_failed && what != driver::SelfTest::kRamp) {
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}: a cell memory is faulty: {}; use another device", address,
                            port::describe_address(found.wrong_word)));
  }
  if (what != driver::SelfTest::kMarch &&
      (found.ramp_worst != static_cast<int>(expected.worst) ||
       found.ramp_differing != static_cast<int>(expected.differing))) {
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}: the ramp over the ADCs is not the model's", address));
  }
}

}  // namespace

void add_self_test(Program& program) {
  auto options = std::make_shared<SelfTestOptions>();
  CLI::App& command = program.add_command(
      "self-test",
      "The device tests its cell memories (which leaves them zero) and runs a ramp over its ADCs",
      "  crucible self-test --address sim:rtl\n"
      "  crucible self-test --address sim:rtl --only ramp --effects configs/effects.yaml",
      [&program, options] { self_test(program, *options); });
  command.add_option("--only", options->only, "march or ramp (default: both)")
      ->check(CLI::IsMember({"march", "ramp"}))
      ->type_name("WORD");
  command
      .add_option("--effects", options->effects, "Effects file: errors of the ADCs for the ramp")
      ->type_name("FILE");
  command.add_option("--adc-shift", options->adc_shift, "One code is 2^(shift - 8) levels")
      ->check(CLI::Range(0, 27))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--adc-bits", options->adc_bits, "Bits of a code")
      ->check(CLI::Range(1, 12))
      ->type_name("N")
      ->capture_default_str();
}

}  // namespace crucible::apps
