// `crucible train`: the networks of models/zoo, and others like them.
#include "host/train/train.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/experiment/experiment_config.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"
#include "models/network/compiled_network.hpp"

namespace crucible::apps {
namespace {

struct TrainArguments {
  train::TrainOptions options;
  std::string out;
  std::string harden = "none";
  int images = 0, hold_out = 0;
  bool in_float = false;
};

train::HardeningKind hardening_kind(const std::string& word) {
  if (word == "gaussian") return train::HardeningKind::kGaussian;
  if (word == "right-censored") return train::HardeningKind::kRightCensored;
  if (word == "adversarial") return train::HardeningKind::kAdversarial;
  return train::HardeningKind::kNone;
}

/// The images from `first` on, at most `count` of them.
data::ImageSet part(const data::ImageSet& all, size_t first, size_t count) {
  const size_t pixels = all.images.size() / all.labels.size();
  const size_t begin = std::min(first, all.labels.size());
  const size_t end = std::min(all.labels.size(), begin + count);
  const auto at = [](const std::vector<uint8_t>& bytes, size_t index) {
    return bytes.begin() + static_cast<std::ptrdiff_t>(index);
  };
  data::ImageSet some;
  some.images.assign(at(all.images, begin * pixels), at(all.images, end * pixels));
  some.labels.assign(at(all.labels, begin), at(all.labels, end));
  return some;
}

eval::Evaluation tile_accuracy(const experiment::ExperimentConfig& config,
                               const data::Dataset& dataset,
                               const models::QuantisedNetwork& network,
                               eval::LabelledImages images) {
  const models::TileGeometry geometry = experiment::hardware_geometry(config.device.hardware);
  const eval::LabelledImages training =
      eval::LabelledImages{dataset.train.images, dataset.train.labels}.first(
          config.tile.calibration_images);
  models::TileSettings common;
  common.base = config.tile.base;
  const models::CompiledNetwork compiled = models::compile(
      network, geometry, common,
      models::calibrate_adc(network, geometry, config.tile.base, config.tile.adc_bits,
                            training.pixels, training.count()));
  return eval::evaluate_model(compiled, models::ChipOffsets(geometry.cells(), 0), images,
                              config.threads);
}

void run_training(Program& program, TrainArguments arguments) {
  const experiment::ExperimentConfig config = program.options().resolve();
  const data::Dataset dataset = experiment::load_data(config.data);
  train::TrainOptions& options = arguments.options;
  options.seed = config.seed;
  options.threads = config.threads;
  options.quantisation_aware = !arguments.in_float;
  if (options.name.empty()) options.name = "lenet-" + dataset.name;
  options.hardening.kind = hardening_kind(arguments.harden);
  if (arguments.hold_out + arguments.images > dataset.train.count())
    throw Error(
        ErrorKind::kUsage,
        fmt::format("train: {} training images asked for and {} held out, but {} has {}; ask "
                    "for at most as many",
                    arguments.images, arguments.hold_out, dataset.name, dataset.train.count()));
  const auto hold_out = static_cast<size_t>(arguments.hold_out);
  const data::ImageSet images = part(
      dataset.train, hold_out,
      arguments.images > 0 ? static_cast<size_t>(arguments.images) : dataset.train.labels.size());
  experiment::IReporter& reporter = program.reporter();
  reporter.line(fmt::format("train {}: {} images of {} ({}), {} epochs, seed {}", options.name,
                            images.count(), dataset.name, dataset.source, options.epochs,
                            options.seed));
  const train::TrainResult result = train::train(
      train::lenet_shapes(dataset.classes), images, options,
      [&](const train::TrainPoint& point, int planned) {
        reporter.progress("train", static_cast<double>(point.epoch) / planned, "");
        reporter.finish("train",
                        fmt::format("epoch {} of {}: loss {:.4f}, {:.2f} % of the training images",
                                    point.epoch, planned, point.loss, 100 * point.accuracy));
        return !reporter.interrupted();
      });
  experiment::save_network(arguments.out, result.network);
  const eval::Evaluation test = tile_accuracy(
      config, dataset, result.network,
      eval::LabelledImages{dataset.test.images, dataset.test.labels}.first(config.images.model));
  nlohmann::ordered_json json = {{"network", options.name},
                                 {"out", arguments.out},
                                 {"seed", options.seed},
                                 {"harden", arguments.harden},
                                 {"epochs", result.trace.empty() ? 0 : result.trace.back().epoch},
                                 {"interrupted", result.interrupted},
                                 {"test", experiment::evaluation_json(test)}};
  std::string text =
      fmt::format("{}: {} written, {:.2f} % of {} test images through the tile's arithmetic\n",
                  arguments.out, options.name, 100 * test.accuracy(), test.images());
  if (hold_out > 0) {
    const data::ImageSet held = part(dataset.train, 0, hold_out);
    const eval::Evaluation unseen =
        tile_accuracy(config, dataset, result.network, {held.images, held.labels});
    json["held_out"] = experiment::evaluation_json(unseen);
    text += fmt::format("{:.2f} % of the {} training images held out\n", 100 * unseen.accuracy(),
                        unseen.images());
  }
  program.output(json, text);
}

void add_hardening_options(CLI::App& command, TrainArguments& arguments) {
  train::Hardening& hardening = arguments.options.hardening;
  command
      .add_option("--harden", arguments.harden,
                  "Against device variation: none, gaussian or right-censored noise on the weights "
                  "of each step, or adversarial: the worst weights in a box")
      ->check(CLI::IsMember({"none", "gaussian", "right-censored", "adversarial"}))
      ->type_name("WORD")
      ->capture_default_str();
  command.add_option("--sigma", hardening.sigma, "Noise: standard deviation, in units of w_max")
      ->type_name("X")
      ->capture_default_str();
  command
      .add_option("--censor", hardening.censor,
                  "Right-censored: noise above this point is this point, in units of sigma")
      ->type_name("X")
      ->capture_default_str();
  command
      .add_option("--bound", hardening.bound, "Adversarial: bound on a weight, in units of w_max")
      ->type_name("X")
      ->capture_default_str();
  command
      .add_option("--steps", hardening.steps, "Adversarial: sign steps before the gradient counts")
      ->type_name("N")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command
      .add_option("--ramp", hardening.ramp,
                  "Share of the training over which sigma or bound grows from 0")
      ->type_name("X")
      ->capture_default_str();
}

}  // namespace

void add_train(Program& program) {
  auto arguments = std::make_shared<TrainArguments>();
  arguments->options.name.clear();
  CLI::App& command = program.add_command(
      "train", "Train the literature's LeNet, quantisation-aware, and write a network folder",
      "  crucible train --out models/zoo/lenet-mnist --data ../shared/data/mnist\n"
      "  crucible train --out my-lenet --data strokes --epochs 3 --seed 7\n"
      "  crucible train --out my-lenet --harden gaussian --sigma 0.05\n"
      "  crucible train --out my-lenet --harden adversarial --bound 0.005 --hold-out 10000",
      [&program, arguments] { run_training(program, *arguments); });
  train::TrainOptions& options = arguments->options;
  command.add_option("--out", arguments->out, "Network folder to write")
      ->type_name("FOLDER")
      ->required();
  command.add_option("--name", options.name, "Name of the network (default: lenet-<data set>)")
      ->type_name("NAME");
  command.add_option("--epochs", options.epochs, "Passes over the training images")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("--batch", options.batch, "Images a step")
      ->type_name("N")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command.add_option("--learning-rate", options.learning_rate, "Adam's step, largest value")
      ->type_name("X")
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str();
  command.add_option("--weight-decay", options.weight_decay, "Decoupled weight decay")
      ->type_name("X")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command.add_option("--max-shift", options.max_shift, "Images move by up to so many pixels")
      ->type_name("N")
      ->check(CLI::Range(0, 8))
      ->capture_default_str();
  command.add_option("--train-images", arguments->images, "Use only so many (default: all)")
      ->type_name("N")
      ->check(positive_number());
  command
      .add_option("--hold-out", arguments->hold_out,
                  "Keep the first ones out of the training and give the accuracy on them; 'search "
                  "--on train --images N' works on the same")
      ->type_name("N")
      ->check(CLI::Range(0, 50000))
      ->capture_default_str();
  add_hardening_options(command, *arguments);
  command.add_flag("--float", arguments->in_float, "Train in float and quantise afterwards");
}

}  // namespace crucible::apps
