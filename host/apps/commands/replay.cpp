// `crucible replay`: a recording against another device, up to the first answer that differs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "host/apps/command.hpp"
#include "host/board/mailbox_times.hpp"
#include "host/experiment/workbench.hpp"
#include "host/port/open_port.hpp"
#include "host/record/replay.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

struct ReplayChoices {
  std::string file;
  double patience_s = 5;
};

/// Cycles of waves before the first look at what differs and after the last, and in all.
constexpr uint64_t kBefore = 2000, kAfter = 1000, kMostCycles = 100'000;

/// A replay that shows what the emulated board's RTL did there.
std::string wave_command(const std::string& file, const std::string& config,
                         const record::Divergence& d) {
  const uint64_t first = d.first_look == 0 ? d.found.cycle : d.first_look;
  const uint64_t from = first > kBefore ? first - kBefore : 0;
  return fmt::format(
      "waves of it: crucible-board --config {} --unix replay.sock --exit-with-client --trace "
      "replay.fst --trace-from {} --trace-cycles {} & sleep 1; crucible replay {} --address "
      "unix:replay.sock; wait; gtkwave replay.fst\n",
      config, from, std::min(d.found.cycle - from + kAfter, kMostCycles), file);
}

Json divergence_json(const record::Divergence& d) {
  const auto answer = [&](const record::Transaction& t) {
    return Json{{"status", spec::status_name(t.status)},
                {"word", d.word < t.words.size() ? Json(t.words[d.word]) : Json(nullptr)},
                {"cycle", t.cycle}};
  };
  return {{"transaction", d.number}, {"step", record::describe(d.expected)},
          {"place", d.place},        {"recorded", answer(d.expected)},
          {"now", answer(d.found)},  {"before", d.before}};
}

void replay(Program& program, const ReplayChoices& choices) {
  const experiment::ExperimentConfig config = program.options().resolve();
  record::Reader recording(choices.file);
  const record::Header& header = recording.header();
  experiment::DeviceConfig device = config.device;
  if (program.options().address.empty()) device.address = "sim:rtl";
  if (program.options().hardware.empty()) device.hardware = header.config;
  const std::string address = experiment::device_address(device);
  const auto port = port::open_port(address);
  board::MailboxTimes times;
  record::ReplayOptions options;
  options.times = &times;
  options.patience = std::chrono::milliseconds(std::lround(1000 * choices.patience_s));
  options.progress = [&](uint64_t done) {
    program.reporter().progress("replay on " + address, 0, fmt::format("{} transactions", done));
    return !program.reporter().interrupted();
  };
  const record::ReplayResult result = record::replay(recording, *port, options);
  const Json json = {
      {"recording", choices.file},
      {"recorded_on", header.address},
      {"program", header.program},
      {"address", address},
      {"transactions", result.transactions},
      {"polls", result.polls},
      {"cut", result.cut},
      {"divergence", result.divergence ? divergence_json(*result.divergence) : Json(nullptr)}};
  std::string text = fmt::format("{}: recorded on {} by crucible {}; replayed on {}\n",
                                 choices.file, header.address, header.program, address);
  if (result.cut) text += "  the recording ends in mid-transaction: whoever wrote it was stopped\n";
  if (!result.divergence)
    text += fmt::format("  {} transactions, {} of them polls: every answer is the recorded one\n",
                        result.transactions, result.polls);
  program.output(json, text);
  if (!result.divergence) return;
  std::string report = record::describe(*result.divergence, header, address);
  if (address.starts_with("sim:rtl"))
    report += wave_command(choices.file, header.config, *result.divergence);
  throw Error(ErrorKind::kMismatch, fmt::format("{}: {}", choices.file, report));
}

}  // namespace

void add_replay(Program& program) {
  auto choices = std::make_shared<ReplayChoices>();
  CLI::App& command = program.add_command(
      "replay", "A recording against another device, up to the first answer that differs",
      "  crucible replay bug.rec                                     on the emulated board\n"
      "  crucible replay bug.rec --address model\n"
      "  crucible replay good.rec --address uart:/dev/ttyUSB1?baud=3000000\n"
      "docs/decisions/0013-record-replay.md says what is compared.",
      [&program, choices] { replay(program, *choices); });
  command.add_option("file", choices->file, "The recording")
      ->required()
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  command
      .add_option("--patience", choices->patience_s,
                  "Seconds for registers to show what was recorded")
      ->check(CLI::Range(0.0, 3600.0))
      ->type_name("S")
      ->capture_default_str();
}

}  // namespace crucible::apps
