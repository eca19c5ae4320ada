#include "host/regress/tile_regress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/experiment/text_file.hpp"
#include "host/regress/out_folder.hpp"
#include "host/regress/tile_build.hpp"
#include "host/regress/tile_report.hpp"
#include "models/error.hpp"

namespace crucible::regress {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kBuildName = "elaborates";
constexpr const char* kBuildAsks = "does Verilator read the tile with the contract's ports?";
constexpr const char* kNetwork = "network";

class TileRegression {
 public:
  TileRegression(const TileConfig& config, const TileRun& run, const Stop& stop,
                 const std::function<void(const Outcome&)>& tell)
      : config_(config), run_(run), stop_(stop), tell_(tell), folder_(fs::absolute(run.folder)) {}

  Regression run() {
    open_out_folder(folder_, "build/wrapper.sv", {"build", "logs", "waves"});
    for (const char* part : {"build", "logs", "waves"}) fs::create_directories(folder_ / part);
    for (const char* part : {"logs", "waves"}) {  // of an earlier run
      for (const auto& old : fs::directory_iterator(folder_ / part)) fs::remove(old.path());
    }
    result_ = describe_tile(config_, run_.seed);
    const TileBuild build = build_tile(config_, folder_ / "build", stop_);
    result_.facts.emplace_back("Verilator's warnings about the tile",
                               std::to_string(build.warnings));
    add_build(build);
    if (build.good) {
      bench_ = build.bench;
      experiment::write_text(folder_ / "build/dut.json", dut_json(config_).dump(2) + "\n");
      if (run_.network) {
        experiment::write_text(folder_ / "build/network.bin", to_bytes(*run_.network));
      }
      run_checks();
    }
    result_.headline = ladder_headline(result_);
    write_reports(result_, folder_);
    return result_;
  }

 private:
  void add(Outcome outcome) {
    tell_(outcome);
    result_.outcomes.push_back(std::move(outcome));
  }

  void add_build(const TileBuild& build) {
    Outcome outcome{.name = kBuildName, .what = kBuildAsks};
    outcome.seconds = build.seconds;
    outcome.status = build.good ? Status::kPassed : Status::kFailed;
    outcome.message = build.message;
    outcome.repeat = run_.command;
    if (build.reused) outcome.facts.emplace_back("", "unchanged since the last run");
    for (const char* log : {"verilator.log", "compile.log", "wrapper.sv"}) {
      if (fs::exists(folder_ / "build" / log))
        outcome.links.emplace_back(log, fmt::format("build/{}", log));
    }
    add(std::move(outcome));
  }

  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& more) const {
    std::vector<std::string> words{bench_.string(), (folder_ / "build/dut.json").string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  /// Name and question of each check, in order.
  std::vector<std::pair<std::string, std::string>> wanted_checks() {
    const fs::path list = folder_ / "build/checks.json";
    const TaskEnd end = run_task({command({"--list"}),
                                  {},
                                  {},
                                  list,
                                  folder_ / "build/checks.err",
                                  std::chrono::seconds(config_.check_seconds)},
                                 stop_);
    if (!end.good() && !(stop_ && stop_())) {
      throw Error(ErrorKind::kInternal,
                  fmt::format("regress: the bench does not list its checks: {}", end.text()));
    }
    std::vector<std::pair<std::string, std::string>> wanted;
    std::vector<std::string> known;
    if (end.good()) {
      for (const auto& check : ordered_json::parse(experiment::read_text(list))) {
        const std::string name = check.at("name");
        if (name == kNetwork && !run_.network) continue;
        known.push_back(name);
        const bool named =
            std::find(run_.checks.begin(), run_.checks.end(), name) != run_.checks.end();
        if (run_.checks.empty() || named) wanted.emplace_back(name, check.at("asks"));
      }
      for (const std::string& name : run_.checks) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        throw Error(ErrorKind::kUsage, fmt::format("--check {}: the checks of this tile are {}",
                                                   name, fmt::join(known, ", ")));
      }
    }
    return wanted;
  }

  [[nodiscard]] Task task_of(const std::string& check,
                             const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"--check", check,
                                   "--seed",  std::to_string(run_.seed),
                                   "--tie",   std::to_string(config_.tie_word())};
    if (check == kNetwork) {
      words.insert(words.end(), {"--network", (folder_ / "build/network.bin").string()});
    }
    words.insert(words.end(), more.begin(), more.end());
    const int seconds = check == kNetwork ? config_.network_seconds : config_.check_seconds;
    return {command(words),
            {},
            {},
            folder_ / "logs" / (check + ".json"),
            folder_ / "logs" / (check + ".txt"),
            std::chrono::seconds(seconds)};
  }

  void run_checks() {
    const auto wanted = wanted_checks();
    std::vector<Task> tasks;
    std::vector<Outcome> outcomes(wanted.size());
    for (const auto& [name, asks] : wanted) tasks.push_back(task_of(name));
    std::vector<bool> done(wanted.size());
    size_t told = 0;
    run_tasks(tasks, run_.jobs, stop_, [&](size_t i, const TaskEnd& end) {
      outcomes[i] = judge(wanted[i].first, wanted[i].second, end);
      done[i] = true;
      for (; told < done.size() && done[told]; ++told)
        add(outcomes[told]);  // in the ladder's order
    });
  }

  Outcome judge(const std::string& name, const std::string& asks, const TaskEnd& end) {
    Outcome outcome{.name = name, .what = asks};
    outcome.seconds = end.seconds;
    outcome.links.emplace_back("log", fmt::format("logs/{}.txt", name));
    if (end.how == Ending::kStopped) return outcome;
    outcome.repeat = fmt::format("{} --seed {} --check {}", run_.command, run_.seed, name);
    const auto json = ordered_json::parse(experiment::read_text(task_of(name).out), nullptr, false);
    if (end.how == Ending::kTimeout) {
      outcome.status = Status::kTimeout;
      outcome.message = fmt::format(
          "{}: the tile does not come to an end inside a clock cycle, or "
          "simulates too slowly for the limit",
          end.text());
    } else if (end.how != Ending::kExit || end.code > 1 || !json.contains("passed")) {
      outcome.status = Status::kCrashed;
      outcome.message = fmt::format("the simulation crashed: {}; its last words: {}", end.text(),
                                    last_words(task_of(name).err));
    } else {
      outcome.status = json["passed"].get<bool>() ? Status::kPassed : Status::kFailed;
      outcome.message = json["message"].get<std::string>();
      for (const char* fact :
           {"products", "cycles", "images", "logits", "correct", "correct_twin"}) {
        if (json.contains(fact)) outcome.facts.emplace_back(fact, json[fact].dump());
      }
      if (!outcome.passed() && json.contains("from")) trace(outcome, json["from"].get<uint64_t>());
    }
    return outcome;
  }

  /// The failed check once more, with a wave from the failing transaction on.
  void trace(Outcome& outcome, uint64_t from) {
    const std::string wave = fmt::format("waves/{}.fst", outcome.name);
    Task task = task_of(
        outcome.name, {"--trace", (folder_ / wave).string(), "--trace-from", std::to_string(from)});
    task.out = task.err = folder_ / "logs" / (outcome.name + ".wave.txt");
    static_cast<void>(run_task(task, stop_));
    if (fs::exists(folder_ / wave)) outcome.links.emplace_back("wave", wave);
  }

  [[nodiscard]] static std::string last_words(const fs::path& file) {
    constexpr size_t kMost = 300;
    std::string text = experiment::read_text(file);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.empty()) return "(none)";
    return text.size() > kMost ? "... " + text.substr(text.size() - kMost) : text;
  }

  const TileConfig& config_;
  const TileRun& run_;
  const Stop& stop_;
  const std::function<void(const Outcome&)>& tell_;
  const fs::path folder_;
  fs::path bench_;
  Regression result_;
};

}  // namespace

Regression regress_tile(const TileConfig& config, const TileRun& run, const Stop& stop,
                        const std::function<void(const Outcome&)>& tell) {
  return TileRegression(config, run, stop, tell).run();
}

}  // namespace crucible::regress
