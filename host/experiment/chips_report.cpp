// A study of chips as text and as JSON: see chips_study.hpp.
#include <fmt/format.h>

#include "host/chance/percentile_performance.hpp"
#include "host/experiment/chips_study.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const std::optional<chance::Interval>& interval) {
  return interval ? Json::array({interval->lo, interval->hi}) : Json(nullptr);
}

Json counters_json(const ChipOutcome& chip) {
  return {{"seed", chip.seed},
          {"images_right", chip.correct},
          {"saturations", chip.counters.saturations},
          {"clamps", chip.counters.clamps},
          {"reads", chip.counters.reads},
          {"pulses", chip.pulses},
          {"unverified", chip.unverified}};
}

Json traffic_json(const driver::GenerationTraffic& traffic) {
  return {{"settings", traffic.settings_bytes},
          {"chip", traffic.chip_bytes},
          {"wait", traffic.wait_bytes}};
}

Json device_json(const ChipsStudy& study) {
  const ChipsOnDevice& device = *study.device;
  if (device.on_board)
    return {{"address", study.config.address},
            {"chips_equal", device.chips},
            {"bytes_of_all_chips",
             {{"to_device", device.on_board->sent}, {"from_device", device.on_board->received}}},
            {"bytes_to_device", device.traffic.bytes_sent},
            {"bytes_from_device", device.traffic.bytes_received},
            {"seconds", device.seconds}};
  return {{"address", study.config.address},
          {"chips_equal", device.chips},
          {"bytes_to_device",
           {{"campaign", device.campaign_bytes},
            {"first_chip", traffic_json(device.first)},
            {"most_of_a_later_chip", traffic_json(device.most)},
            {"all", device.traffic.bytes_sent}}},
          {"bytes_from_device", device.traffic.bytes_received},
          {"seconds", device.seconds}};
}

std::string percent(double accuracy) { return fmt::format("{:.2f} %", 100 * accuracy); }

std::string spread_text(const ChipsStudy& study) {
  const std::vector<double> accuracy = study.accuracy();
  const chance::Spread spread = chance::spread(accuracy, study.config.confidence);
  std::string text = fmt::format("  mean        {:>9}", fmt::format("{:.3f} %", 100 * spread.mean));
  if (spread.mean_interval) {
    text += fmt::format("   {:.3f} .. {:.3f} %, Student's t; standard deviation {:.3f} %",
                        100 * spread.mean_interval->lo, 100 * spread.mean_interval->hi,
                        100 * *spread.deviation);
  }
  text += fmt::format("\n  lowest      {:>9}\n", percent(spread.lowest));
  for (const double q : study.config.quantiles) {
    const chance::Percentile p =
        chance::percentile_performance(accuracy, q, study.config.confidence);
    text += fmt::format(
        "  quantile {:<7g}{:>9}   {}\n", q, p.accuracy ? percent(*p.accuracy) : std::string("-"),
        p.interval ? fmt::format("{:.2f} .. {:.2f} %, order statistics", 100 * p.interval->lo,
                                 100 * p.interval->hi)
                   : fmt::format("not enough chips for an interval: {} are needed, {} were made",
                                 p.needed, spread.chips));
  }
  return text;
}

std::string counters_text(const ChipsStudy& study) {
  double saturations = 0, clamps = 0, reads = 0, pulses = 0, unverified = 0;
  for (const ChipOutcome& chip : study.chips) {
    saturations += static_cast<double>(chip.counters.saturations);
    clamps += static_cast<double>(chip.counters.clamps);
    reads += static_cast<double>(chip.counters.reads);
    pulses += static_cast<double>(chip.pulses);
    unverified += static_cast<double>(chip.unverified);
  }
  const auto chips = static_cast<double>(study.chips.size());
  return fmt::format(
      "  a chip      {:.0f} saturations, {:.0f} clamps, {:.0f} rows read; {:.0f} pulses, {:.1f} "
      "cells unverified (means)\n",
      saturations / chips, clamps / chips, reads / chips, pulses / chips, unverified / chips);
}

/// Firmware counted: what one chip of them put on the wire.
std::string on_board_text(const ChipsStudy& study) {
  const ChipsOnDevice& device = *study.device;
  std::string text = fmt::format(
      "\nOn {}, counted by its firmware: {} chips made from the same seeds, {:.1f} s; every count "
      "equal to the model's, and the sum of every counter\n",
      study.config.address, device.chips, device.seconds);
  if (device.traffic.bytes_sent == 0)
    return text + "  link        none: the device is in this process\n";
  const double chips = device.chips;
  return text + fmt::format(
                    "  link        {:.1f} bytes for a chip: {:.1f} to the device, {:.1f} from it, "
                    "looks for the answer included\n"
                    "              {} to the device in all, with levels, firmware and images\n",
                    static_cast<double>(device.on_board->sent + device.on_board->received) / chips,
                    static_cast<double>(device.on_board->sent) / chips,
                    static_cast<double>(device.on_board->received) / chips,
                    device.traffic.bytes_sent);
}

std::string device_text(const ChipsStudy& study) {
  const ChipsOnDevice& device = *study.device;
  if (device.on_board) return on_board_text(study);
  std::string text = fmt::format(
      "\nOn {}: {} chips made from the same seeds, {:.1f} s; every logit and counter equal to the "
      "model's\n",
      study.config.address, device.chips, device.seconds);
  if (device.traffic.bytes_sent == 0)
    return text + "  link        none: the device is in this process\n";
  const driver::GenerationTraffic& later = device.chips > 1 ? device.most : device.first;
  text += fmt::format(
      "  link        {} bytes to the device for a chip (seed and start), {} to wait for it\n"
      "              {} bytes once (levels, settings), {} for the generator's settings; {} to the "
      "device in all, with the images\n",
      later.chip_bytes, later.wait_bytes, device.campaign_bytes, device.first.settings_bytes,
      device.traffic.bytes_sent);
  return text;
}

}  // namespace

Json chips_json(const ChipsStudy& study) {
  const std::vector<double> accuracy = study.accuracy();
  const chance::Spread spread = chance::spread(accuracy, study.config.confidence);
  Json quantiles = Json::array(), chips = Json::array();
  for (const double q : study.config.quantiles) {
    const chance::Percentile p =
        chance::percentile_performance(accuracy, q, study.config.confidence);
    quantiles.push_back({{"q", q},
                         {"accuracy", p.accuracy ? Json(*p.accuracy) : Json(nullptr)},
                         {"interval", interval_json(p.interval)},
                         {"chips_needed", p.needed}});
  }
  for (const ChipOutcome& chip : study.chips) chips.push_back(counters_json(chip));
  Json json = {{"network", study.network},
               {"data", study.data},
               {"effects", study.effects},
               {"effects_file", study.config.plan.file.string()},
               {"images", study.image_count},
               {"image_subset", study.images},
               {"clean_accuracy", study.clean},
               {"confidence", study.config.confidence},
               {"interrupted", study.interrupted},
               {"mean", spread.mean},
               {"mean_interval", interval_json(spread.mean_interval)},
               {"lowest", spread.lowest},
               {"quantiles", quantiles},
               {"chips", chips},
               {"model_seconds", study.model_s}};
  if (study.device) json["device"] = device_json(study);
  return json;
}

std::string chips_text(const ChipsStudy& study) {
  std::string text = fmt::format(
      "{} on {}, chips from seeds {} .. {}\n{}; {}; no effects: {}\n{:g} % intervals over chips; "
      "the images are fixed\n\nOn the model: {} chips, {:.1f} s\n",
      study.network, study.data, study.config.first_seed, study.config.last_seed, study.effects,
      study.images, percent(study.clean), 100 * study.config.confidence, study.chips.size(),
      study.model_s);
  text += spread_text(study) + counters_text(study);
  if (study.device) text += device_text(study);
  if (study.interrupted) text += "\nINTERRUPTED: the chips that were complete by then.\n";
  return text;
}

}  // namespace crucible::experiment
