// `crucible doctor`: what is wrong with a board, and what to do.
#include <fmt/format.h>

#include <memory>

#include "host/apps/command.hpp"
#include "host/doctor/doctor.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

const char* word_of(doctor::Verdict verdict) {
  return verdict == doctor::Verdict::kPass   ? "pass"
         : verdict == doctor::Verdict::kFail ? "FAIL"
                                             : "skip";
}

std::string line(const doctor::Finding& finding) {
  std::string text =
      fmt::format("  {}  {:<12} {}\n", word_of(finding.verdict), finding.name, finding.text);
  if (!finding.advice.empty()) text += fmt::format("                     do: {}\n", finding.advice);
  return text;
}

void examine(Program& program, const doctor::Options& options) {
  if (program.options().address.empty())
    throw Error(ErrorKind::kUsage, "doctor: which board? Name it with --device ADDRESS");
  const experiment::ExperimentConfig config = program.options().resolve();
  const std::string address = experiment::device_address(config.device);
  const std::vector<doctor::Finding> findings =
      doctor::examine(address, options, [&](const doctor::Finding& finding) {
        program.reporter().progress("doctor", 0, finding.name);
      });
  Json json = {{"address", address}, {"findings", Json::array()}};
  std::string text = fmt::format("Examination of {}\n", address);
  int failures = 0;
  for (const doctor::Finding& finding : findings) {
    json["findings"].push_back({{"name", finding.name},
                                {"verdict", word_of(finding.verdict)},
                                {"text", finding.text},
                                {"advice", finding.advice}});
    text += line(finding);
    failures += finding.verdict == doctor::Verdict::kFail ? 1 : 0;
  }
  program.output(json, text);
  if (failures > 0)
    throw Error(ErrorKind::kDevice, fmt::format("doctor: {} of {} checks failed; each says above "
                                                "what to do",
                                                failures, findings.size()));
}

}  // namespace

void add_doctor(Program& program) {
  auto options = std::make_shared<doctor::Options>();
  options->bauds = {115'200, 1'000'000, 3'000'000};
  CLI::App& command =
      program.add_command("doctor", "What is wrong with a board, and what to do",
                          "  crucible doctor --device uart:/dev/ttyUSB1?baud=3000000\n"
                          "  crucible doctor --device sim:rtl --hardware small\n"
                          "Its cells, and what lies in its input buffer, are lost.",
                          [&program, options] { examine(program, *options); });
  command.add_option("--device", program.options().address, "The same as --address")
      ->type_name("ADDRESS")
      ->excludes(command.get_option("--address"));
  command.add_option("--bauds", options->bauds, "Rates to try beside the address's own, of a UART")
      ->delimiter(',')
      ->type_name("B,B,..")
      ->default_str("115200,1000000,3000000");
  command.add_option("--frames", options->frames, "Frames at each rate")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N")
      ->capture_default_str();
}

}  // namespace crucible::apps
