// `crucible mvm`: products of a matrix with vectors, .npy in and out.
#include <fmt/format.h>

#include "host/apps/command.hpp"
#include "host/experiment/mvm.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct MvmOptions {
  std::string levels, offsets, inputs, out, adc_offset;
  std::string backend = "model";
  bool no_inject = false, transparent = false;
  int lsb_exp = 8, base = 0, shift = 8, bits = 8;
};

models::TileSettings settings_of(const MvmOptions& options) {
  models::TileSettings settings;
  settings.inject = !options.offsets.empty() && !options.no_inject;
  settings.lsb_exp = options.lsb_exp;
  settings.base = options.base;
  settings.adc = {options.transparent, options.shift, options.bits};
  if (!options.adc_offset.empty()) {
    settings.adc_offset =
        experiment::load_npy<int16_t>(options.adc_offset, {experiment::kAnyLength}).values;
  }
  return settings;
}

std::string address_of(Program& program, const MvmOptions& options) {
  const std::string hardware = program.options().resolve().device.hardware;
  if (options.backend == "rtl") return "sim:rtl:" + hardware;
  if (options.backend.starts_with("board:")) {
    return experiment::device_address({options.backend.substr(6), hardware});
  }
  throw Error(
      ErrorKind::kUsage,
      fmt::format("mvm: --backend is model, rtl or board:ADDRESS, found '{}'", options.backend));
}

void mvm(Program& program, const MvmOptions& options) {
  const models::TileSettings settings = settings_of(options);
  experiment::MvmProblem problem =
      experiment::load_mvm(options.levels, options.offsets, options.inputs, settings);
  const auto cols = static_cast<size_t>(problem.cells.cols);
  if (!settings.adc_offset.empty() && settings.adc_offset.size() != cols) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: expected shape ({},), found ({},)", options.adc_offset, cols,
                            settings.adc_offset.size()));
  }
  const experiment::Array<int64_t> result =
      options.backend == "model"
          ? experiment::multiply_on_model(problem)
          : experiment::multiply_on_device(problem, address_of(program, options));
  experiment::save_npy<int64_t>(options.out, result.shape, result.values);
  program.output({{"out", options.out}, {"backend", options.backend}, {"shape", result.shape}},
                 fmt::format("{}: int64 {}, {} x {} cells on {}\n", options.out,
                             experiment::shape_text(result.shape), problem.cells.rows,
                             problem.cells.cols, options.backend));
}

}  // namespace

void add_mvm(Program& program) {
  auto options = std::make_shared<MvmOptions>();
  CLI::App& command = program.add_command(
      "mvm", "Multiply a matrix of cells with vectors: .npy files in, .npy file out",
      "  crucible mvm --levels L.npy --inputs X.npy --out R.npy\n"
      "  crucible mvm --levels L.npy --offsets O.npy --lsb-exp 10 --inputs X.npy --out R.npy "
      "--backend rtl\n"
      "  crucible mvm --levels L.npy --inputs X.npy --out R.npy --transparent --backend "
      "board:tcp:127.0.0.1:5555",
      [&program, options] { mvm(program, *options); });
  command
      .add_option("--levels", options->levels, "uint8 [rows][columns], 0 .. 3; 4 columns an output")
      ->type_name("FILE.npy")
      ->required();
  command.add_option("--inputs", options->inputs, "uint8 [vectors][rows]")
      ->type_name("FILE.npy")
      ->required();
  command.add_option("--out", options->out, "int64 [vectors][columns / 4] is written here")
      ->type_name("FILE.npy")
      ->required();
  command
      .add_option("--offsets", options->offsets,
                  "int8 [rows][columns], in 2^-lsb_exp level; turns injection on")
      ->type_name("FILE.npy");
  command.add_flag("--no-inject", options->no_inject, "Injection off whatever the offsets are");
  command.add_option("--backend", options->backend, "model, rtl or board:ADDRESS")
      ->type_name("BACKEND")
      ->capture_default_str();
  command.add_option("--lsb-exp", options->lsb_exp, "One offset LSB is 2^-N level")
      ->type_name("N")
      ->check(CLI::Range(8, 18))
      ->capture_default_str();
  command.add_option("--base", options->base, "Level 0 above the lower rail, in 2^-8 level")
      ->type_name("N")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  command.add_option("--adc-shift", options->shift, "One ADC code is 2^(N - lsb_exp) levels")
      ->type_name("N")
      ->check(CLI::Range(0, 27))
      ->capture_default_str();
  command.add_option("--adc-bits", options->bits, "Width of the ADC")
      ->type_name("N")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
  command.add_flag("--transparent", options->transparent, "ADC keeps the whole fraction");
  command.add_option("--adc-offset", options->adc_offset, "int16 [columns], in 2^-8 level")
      ->type_name("FILE.npy");
}

}  // namespace crucible::apps
