#include "host/experiment/measurements.hpp"

#include <fmt/format.h>

#include "host/experiment/stopwatch.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

std::string percent_of(const eval::Evaluation& evaluation) {
  return fmt::format("{:.2f} % of {} images", 100 * evaluation.accuracy(), evaluation.images());
}

bool same_device(const driver::Identity& a, const driver::Identity& b) {
  return a.magic == b.magic && a.map_hash == b.map_hash && a.config_hash == b.config_hash &&
         a.geometry == b.geometry;
}

}  // namespace

Measurements::Measurements(const Workbench& bench, IReporter& reporter)
    : bench_(bench), reporter_(reporter), hardware_(bench.config().device), banks_(bench.banks()) {}

eval::Progress Measurements::progress(const std::string& activity, int images) {
  return [this, activity, images](int done) {
    reporter_.progress(activity, static_cast<double>(done) / images,
                       fmt::format("{} of {} images", done, images));
    return !reporter_.interrupted();
  };
}

size_t Measurements::program(const models::CompiledNetwork& network) {
  const Stopwatch watch;
  const std::string activity = "hardware program";
  reporter_.progress(activity, 0, fmt::format("{} banks", banks_));
  levels_ = network.levels;
  hardware_.device().program_levels(levels_, banks_);
  hardware_.device().write_offsets(std::vector<int8_t>(bench_.geometry().cells(), 0), banks_);
  const size_t cells = static_cast<size_t>(banks_) * static_cast<size_t>(bench_.geometry().rows) *
                       static_cast<size_t>(bench_.geometry().cols);
  reporter_.finish(activity,
                   fmt::format("hardware: programmed and read back {} cells in {} banks ({:.1f} s)",
                               cells, banks_, watch.seconds()));
  return cells;
}

void Measurements::measure_row(RowOutcome& row) {
  if (reporter_.interrupted()) return;
  const Stopwatch watch;
  const eval::LabelledImages images = bench_.test_images(bench_.config().images.hardware);
  const std::string activity = "hardware " + row.config.name;
  row.hardware = hardware_.measure(row.compiled, row.offsets, banks_, images,
                                   progress(activity, images.count()));
  eval::require_equal_logits(row.hardware, hardware_.address() + ", row " + row.config.name,
                             row.model, "the model");
  row.hardware_s = watch.seconds();
  reporter_.finish(activity,
                   fmt::format("hardware {}: {}, every logit equal to the model's ({:.1f} s)",
                               row.config.name, percent_of(row.hardware), row.hardware_s));
}

void Measurements::measure_chip(const models::CompiledNetwork& network,
                                const models::ChipOffsets& offsets, int count, HardwareChip& chip) {
  if (reporter_.interrupted()) return;
  const Stopwatch watch;
  const eval::LabelledImages images = bench_.test_images(count);
  const std::string activity = fmt::format("hardware chip {}", chip.chip);
  chip.hardware =
      hardware_.measure(network, offsets, banks_, images, progress(activity, images.count()));
  const eval::Evaluation model =
      eval::evaluate_model(network, offsets, images.first(chip.hardware.images()), 1);
  eval::require_equal_logits(chip.hardware,
                             fmt::format("{}, chip {}", hardware_.address(), chip.chip), model,
                             "the model");
  reporter_.finish(
      activity,
      fmt::format("hardware random chip {}: {}, every logit equal to the model's ({:.1f} s)",
                  chip.chip, percent_of(chip.hardware), watch.seconds()));
}

void Measurements::uart_leg(const models::CompiledNetwork& network,
                            const models::ChipOffsets& offsets, UartOutcome& outcome) {
  const Stopwatch watch;
  const std::string activity = "hardware over the UART";
  const eval::LabelledImages images = bench_.test_images(bench_.config().images.uart);
  const driver::Identity stream = hardware_.device().identity();
  reporter_.progress(activity, 0, "connecting");
  hardware_.connect_uart();
  if (!same_device(stream, hardware_.device().identity())) {
    throw Error(ErrorKind::kMismatch,
                "UART: the device behind the pseudo-terminal says it is another one than behind "
                "the socket");
  }
  reporter_.progress(activity, 0, "reading cells back");
  hardware_.device().verify_levels(levels_, 1);
  outcome.cells_read =
      static_cast<size_t>(bench_.geometry().rows) * static_cast<size_t>(bench_.geometry().cols);
  reporter_.progress(activity, 0, "writing offsets");
  // A new connection knows no offsets: those of the one bank are read, and what differs is sent.
  constexpr int kBanks = 1;
  outcome.cells_changed = hardware_.device().update_offsets(offsets, kBanks);
  outcome.hardware =
      hardware_.measure(network, offsets, kBanks, images, progress(activity, images.count()));
  const eval::Evaluation model = eval::evaluate_model(network, offsets, images, 1);
  eval::require_equal_logits(outcome.hardware, "the device over its UART", model, "the model");
  outcome.traffic = hardware_.device().port().statistics();
  hardware_.connect_stream();
  outcome.seconds = watch.seconds();
  reporter_.finish(activity, fmt::format("hardware over the UART's pins: identity, {} cells read, "
                                         "{} offsets changed, {} images, every "
                                         "logit equal to the model's ({:.1f} s)",
                                         outcome.cells_read, outcome.cells_changed,
                                         outcome.hardware.images(), outcome.seconds));
}

}  // namespace crucible::experiment
