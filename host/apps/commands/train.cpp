// `crucible train`: the networks of models/zoo, and others like them.
#include "host/train/train.hpp"

#include <fmt/format.h>

#include "host/apps/command.hpp"
#include "host/experiment/experiment_config.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/workbench.hpp"
#include "models/network/compiled_network.hpp"

namespace crucible::apps {
namespace {

struct TrainArguments {
  train::TrainOptions options;
  std::string out;
  int images = 0;
  bool in_float = false;
};

eval::Evaluation test_accuracy(const experiment::ExperimentConfig& config,
                               const data::Dataset& dataset,
                               const models::QuantisedNetwork& network) {
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
  return eval::evaluate_model(
      compiled, models::ChipOffsets(geometry.cells(), 0),
      eval::LabelledImages{dataset.test.images, dataset.test.labels}.first(config.images.model),
      config.threads);
}

void run_training(Program& program, TrainArguments arguments) {
  const experiment::ExperimentConfig config = program.options().resolve();
  data::Dataset dataset = experiment::load_data(config.data);
  train::TrainOptions& options = arguments.options;
  options.seed = config.seed;
  options.threads = config.threads;
  options.quantisation_aware = !arguments.in_float;
  if (options.name.empty()) options.name = "lenet-" + dataset.name;
  if (arguments.images > 0 && arguments.images < dataset.train.count()) {
    const auto count = static_cast<size_t>(arguments.images);
    dataset.train.images.resize(count * dataset.train.images.size() / dataset.train.labels.size());
    dataset.train.labels.resize(count);
  }
  experiment::IReporter& reporter = program.reporter();
  reporter.line(fmt::format("train {}: {} images of {} ({}), {} epochs, seed {}", options.name,
                            dataset.train.count(), dataset.name, dataset.source, options.epochs,
                            options.seed));
  const train::TrainResult result = train::train(
      train::lenet_shapes(dataset.classes), dataset.train, options,
      [&](const train::TrainPoint& point, int planned) {
        reporter.progress("train", static_cast<double>(point.epoch) / planned, "");
        reporter.finish("train",
                        fmt::format("epoch {} of {}: loss {:.4f}, {:.2f} % of the training images",
                                    point.epoch, planned, point.loss, 100 * point.accuracy));
        return !reporter.interrupted();
      });
  experiment::save_network(arguments.out, result.network);
  const eval::Evaluation test = test_accuracy(config, dataset, result.network);
  program.output(
      {{"network", options.name},
       {"out", arguments.out},
       {"seed", options.seed},
       {"epochs", result.trace.empty() ? 0 : result.trace.back().epoch},
       {"interrupted", result.interrupted},
       {"test", experiment::evaluation_json(test)}},
      fmt::format("{}: {} written, {:.2f} % of {} test images through the tile's arithmetic\n",
                  arguments.out, options.name, 100 * test.accuracy(), test.images()));
}

}  // namespace

void add_train(Program& program) {
  auto arguments = std::make_shared<TrainArguments>();
  arguments->options.name.clear();
  CLI::App& command = program.add_command(
      "train", "Train the literature's LeNet, quantisation-aware, and write a network folder",
      "  crucible train --out models/zoo/lenet-mnist --data ../shared/data/mnist\n"
      "  crucible train --out my-lenet --data strokes --epochs 3 --seed 7",
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
  command.add_option("--train-images", arguments->images, "Use only the first ones (default: all)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command.add_flag("--float", arguments->in_float, "Train in float and quantise afterwards");
}

}  // namespace crucible::apps
