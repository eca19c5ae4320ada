#include "host/regress/suite_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/experiment/text_file.hpp"
#include "host/regress/out_folder.hpp"
#include "models/error.hpp"

namespace crucible::regress {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kIdentity = "suite";

/// FNV-1a over what decides which tests run, and how.
std::string identity_of(const Suite& suite, const SuiteChoice& choice) {
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}", suite.text, fmt::join(choice.tags, ","),
                  fmt::join(choice.names, ","), choice.seed ? std::to_string(*choice.seed) : "");
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return fmt::format("{} {:016x}", suite.name, hash);
}

class SuiteRegression {
 public:
  SuiteRegression(const Suite& suite, const SuiteRun& run, const Stop& stop,
                  const std::function<void(const Outcome&)>& tell)
      : suite_(suite),
        run_(run),
        stop_(stop),
        tell_(tell),
        folder_(fs::absolute(run.folder)),
        cases_(choose_cases(suite, run.choice)) {}

  Regression run() {
    result_.name = suite_.name;
    result_.what = fmt::format("Suite {}: {} tests", suite_.name, cases_.size());
    result_.facts = {{kIdentity, identity_of(suite_, run_.choice)}};
    for (const SuiteCase& one : cases_) {
      Outcome outcome;
      outcome.name = one.name;
      outcome.what = shell_text(environment(one), command(one));
      outcome.repeat = outcome.what;
      result_.outcomes.push_back(std::move(outcome));
    }
    open_folder();
    int most_retries = 0;
    for (const SuiteCase& one : cases_) most_retries = std::max(most_retries, one.test->retries);
    for (int round = 0; round <= most_retries; ++round) run_round(round);
    save();
    return result_;
  }

 private:
  [[nodiscard]] fs::path folder_of(const SuiteCase& one) const {
    return folder_ / "tests" / one.name;
  }

  [[nodiscard]] std::string fill(std::string text, const SuiteCase& one) const {
    const std::pair<std::string, std::string> words[] = {{"{bin}", run_.bin.string()},
                                                         {"{source}", run_.source.string()},
                                                         {"{out}", folder_of(one).string()},
                                                         {"{seed}", std::to_string(one.seed)}};
    for (const auto& [word, value] : words) {
      for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
        text.replace(at, word.size(), value);
        at += value.size();
      }
    }
    return text;
  }

  [[nodiscard]] std::vector<std::string> command(const SuiteCase& one) const {
    std::vector<std::string> words;
    for (const std::string& word : one.test->command) words.push_back(fill(word, one));
    return words;
  }

  [[nodiscard]] std::vector<std::string> environment(const SuiteCase& one) const {
    std::vector<std::string> words;
    for (const std::string& word : one.test->environment) words.push_back(fill(word, one));
    return words;
  }

  void open_folder() {
    const fs::path report = folder_ / "report.json";
    const bool there = fs::exists(report);
    if (there && run_.start == SuiteStart::kNew) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("{}: holds a run already; go on with --resume, begin anew with "
                              "--restart, or choose another --out",
                              folder_.string()));
    }
    if (!there && run_.start == SuiteStart::kResume) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("{}: no run to resume; leave out --resume", folder_.string()));
    }
    if (run_.start == SuiteStart::kResume) return load(report);
    open_out_folder(folder_, report.filename(), {"tests"});
    fs::remove_all(folder_ / "tests");
    fs::create_directories(folder_ / "tests");
    save();
  }

  void load(const fs::path& report) {
    try {
      const auto json = ordered_json::parse(experiment::read_text(report));
      const std::string theirs = json.at("facts").at(kIdentity);
      if (theirs != result_.facts.front().second) {
        throw Error(ErrorKind::kMismatch,
                    fmt::format("{}: a run of '{}', this is '{}': the suite's file, --tags, --test "
                                "or --seed differ; begin anew with --restart",
                                report.string(), theirs, result_.facts.front().second));
      }
      for (const auto& one : json.at("outcomes")) {
        Outcome outcome = outcome_from_json(one);
        for (Outcome& mine : result_.outcomes) {
          if (mine.name == outcome.name && outcome.status != Status::kNotRun) mine = outcome;
        }
      }
    } catch (const nlohmann::json::exception& error) {
      throw Error(ErrorKind::kData, fmt::format("{}: damaged ({}); begin anew with --restart",
                                                report.string(), error.what()));
    }
  }

  /// Round 0 runs what has no result; round n repeats what failed and may be tried again.
  void run_round(int round) {
    std::vector<size_t> turn;
    std::vector<Task> tasks;
    for (size_t i = 0; i < cases_.size(); ++i) {
      const SuiteCase& one = cases_[i];
      const Outcome& outcome = result_.outcomes[i];
      const bool fresh = round == 0 && outcome.status == Status::kNotRun;
      const bool again = round > 0 && outcome.status != Status::kNotRun && !outcome.passed() &&
                         round <= one.test->retries && outcome.retries == round - 1;
      if (!fresh && !again) continue;
      fs::remove_all(folder_of(one));
      fs::create_directories(folder_of(one));
      const fs::path log = folder_of(one) / "log.txt";
      tasks.push_back({command(one), environment(one), run_.source, log, log,
                       std::chrono::seconds(one.test->limit_s)});
      turn.push_back(i);
    }
    run_tasks(tasks, run_.jobs, stop_, [&](size_t t, const TaskEnd& end) {
      if (end.how == Ending::kStopped) return;
      Outcome& outcome = result_.outcomes[turn[t]];
      outcome.retries = round;
      judge(cases_[turn[t]], end, outcome);
      save();
      tell_(outcome);
    });
  }

  void judge(const SuiteCase& one, const TaskEnd& end, Outcome& outcome) const {
    outcome.seconds = end.seconds;
    outcome.message.clear();
    outcome.status = end.good()                    ? Status::kPassed
                     : end.how == Ending::kTimeout ? Status::kTimeout
                     : end.how == Ending::kSignal  ? Status::kCrashed
                                                   : Status::kFailed;
    if (!end.good()) outcome.message = end.text() + last_line(folder_of(one) / "log.txt");
    outcome.links = {{"log", fmt::format("tests/{}/log.txt", one.name)}};
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_of(one))) {
      const fs::path& path = entry.path();
      if (path.extension() == ".fst" || path.filename() == "report.html") found.push_back(path);
    }
    std::sort(found.begin(), found.end());
    for (const fs::path& path : found) {
      const fs::path relative = fs::relative(path, folder_);
      outcome.links.emplace_back(path.extension() == ".fst" ? path.filename().string() : "report",
                                 relative.string());
    }
  }

  [[nodiscard]] static std::string last_line(const fs::path& log) {
    constexpr size_t kMost = 300;
    std::string text = experiment::read_text(log);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.empty()) return "";
    text = text.substr(text.find_last_of('\n') + 1);
    return "; its last line: " + text.substr(text.size() > kMost ? text.size() - kMost : 0);
  }

  void save() {
    const int passed = result_.count(Status::kPassed), open = result_.count(Status::kNotRun);
    const int all = static_cast<int>(cases_.size());
    result_.headline =
        passed == all ? fmt::format("PASSED: all {} tests.", all)
        : passed + open == all
            ? fmt::format("Interrupted: {} of {} tests passed, {} not run.", passed, all, open)
            : fmt::format("FAILED: {} of {} tests; {} passed, {} not run.", all - passed - open,
                          all, passed, open);
    write_reports(result_, folder_);
  }

  const Suite& suite_;
  const SuiteRun& run_;
  const Stop& stop_;
  const std::function<void(const Outcome&)>& tell_;
  const fs::path folder_;
  const std::vector<SuiteCase> cases_;
  Regression result_;
};

}  // namespace

Regression run_suite(const Suite& suite, const SuiteRun& run, const Stop& stop,
                     const std::function<void(const Outcome&)>& tell) {
  return SuiteRegression(suite, run, stop, tell).run();
}

}  // namespace crucible::regress
