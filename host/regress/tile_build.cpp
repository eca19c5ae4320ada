#include "host/regress/tile_build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "host/experiment/stopwatch.hpp"
#include "host/experiment/text_file.hpp"
#include "host/regress/tile_wrapper.hpp"
#include "models/error.hpp"

namespace crucible::regress {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// What CMake wrote when the program was built (sim/tile_bench/CMakeLists.txt).
struct Kit {
  std::string verilator, compiler, glue, text;
  Words compile, libraries, link;
};

Kit load_kit() {
  try {
    Kit kit;
    kit.text = experiment::read_text(CRUCIBLE_TILE_BENCH_KIT);
    const auto json = nlohmann::json::parse(kit.text);
    kit.verilator = json.at("verilator");
    kit.compiler = json.at("compiler");
    kit.glue = json.at("glue");
    kit.compile = json.at("compile").get<Words>();
    std::erase(kit.compile, "");
    kit.libraries = json.at("libraries").get<Words>();
    kit.link = json.at("link").get<Words>();
    for (const std::string& library : kit.libraries) {
      if (!fs::exists(library)) throw Error(ErrorKind::kUsage, "there is no " + library);
    }
    return kit;
  } catch (const std::exception& error) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("regress: the bench is not built ({}); run 'make build'", error.what()));
  }
}

/// Size and time of a file, as a line; a file that is gone differs from every other.
std::string print_of(const fs::path& file) {
  std::error_code gone;
  const auto size = fs::file_size(file, gone);
  if (gone) return fmt::format("{} missing\n", file.string());
  return fmt::format("{} {} {}\n", file.string(), size,
                     fs::last_write_time(file, gone).time_since_epoch().count());
}

class Build {
 public:
  Build(const TileConfig& config, const fs::path& folder, const Stop& stop)
      : config_(config), folder_(folder), model_(folder / "model"), stop_(stop), kit_(load_kit()) {
    result_.bench = folder / "bench";
    for (const fs::path& include : config.include) verilate_.push_back("-I" + include.string());
    for (const fs::path& source : config.sources) verilate_.push_back(source.string());
  }

  TileBuild run() {
    const experiment::Stopwatch watch;
    const std::string stamp = (folder_ / "stamp").string();
    if (fs::exists(stamp) && fs::exists(result_.bench) && experiment::read_text(stamp) == print()) {
      result_.reused = result_.good = true;
    } else {
      fs::remove(stamp);
      fs::remove_all(model_);
      fs::create_directories(model_);
      experiment::write_text(folder_ / "wrapper.sv", tile_wrapper(config_));
      result_.good = verilate() && compile();
      if (result_.good) experiment::write_text(stamp, print());
    }
    result_.warnings = count_warnings();
    result_.seconds = watch.seconds();
    return result_;
  }

 private:
  /// Everything that the bench depends on: the files that Verilator says it read, too.
  [[nodiscard]] std::string print() const {
    std::string text = tile_wrapper(config_) + kit_.text;
    for (const std::string& word : verilate_) text += word + "\n";
    for (const std::string& word : config_.verilator) text += word + "\n";
    for (const std::string& library : kit_.libraries) text += print_of(library);
    text += print_of(kit_.glue);
    std::ifstream dependencies(model_ / "Vcrucible_dut__ver.d");
    bool listed = false;
    for (std::string word; dependencies >> word;) {
      if (listed && word != (folder_ / "wrapper.sv").string()) text += print_of(word);
      listed = listed || word.ends_with(":") || word == ":";
    }
    return text;
  }

  /// Runs one tool; on failure the message is made of the lines with `mark`.
  bool tool(const char* what, const Words& command, const char* log, const std::string& mark) {
    const fs::path file = folder_ / log;
    const TaskEnd end = run_task(
        {command, {"LC_ALL=C"}, {}, file, file, std::chrono::seconds(config_.build_seconds)},
        stop_);
    if (end.good()) return true;
    std::istringstream text(experiment::read_text(file));
    constexpr int kMostLines = 6;
    std::string found;
    int lines = 0;
    for (std::string line; std::getline(text, line) && lines < kMostLines;) {
      if (line.find(mark) == std::string::npos) continue;
      found += "\n      " + line;
      ++lines;
    }
    result_.message = fmt::format("{}: {} (see {}){}", what, end.text(), log, found);
    return false;
  }

  bool verilate() {
    Words command{kit_.verilator,
                  "--cc",
                  "--prefix",
                  "Vcrucible_dut",
                  "--top-module",
                  kWrapperModule,
                  "--Mdir",
                  model_.string(),
                  "-Wall",
                  "-Wno-fatal",
                  "-Werror-PINMISSING",
                  "-Werror-IMPLICIT",
                  "--no-timing",
                  "--assert",
                  "--trace-fst",
                  "--timescale",
                  "1ps/1ps",
                  "-O3",
                  "--unroll-count",
                  "256",
                  "--unroll-stmts",
                  "100000",
                  "--output-split",
                  "0",
                  "--x-assign",
                  "unique",
                  "--x-initial",
                  "unique"};
    command.insert(command.end(), config_.verilator.begin(), config_.verilator.end());
    command.insert(command.end(), verilate_.begin(), verilate_.end());
    command.push_back((folder_ / "wrapper.sv").string());
    return tool("the tile does not elaborate", command, "verilator.log", "%Error");
  }

  bool compile() {
    std::vector<fs::path> sources;
    for (const auto& entry : fs::directory_iterator(model_)) {
      if (entry.path().extension() == ".cpp") sources.push_back(entry.path().filename());
    }
    std::sort(sources.begin(), sources.end());
    std::string all;
    for (const fs::path& source : sources) all += fmt::format("#include \"{}\"\n", source.string());
    experiment::write_text(model_ / "all.cpp", all);
    Words command{kit_.compiler};
    command.insert(command.end(), kit_.compile.begin(), kit_.compile.end());
    for (const std::string& word : {"-I" + model_.string(), (model_ / "all.cpp").string(),
                                    kit_.glue, std::string("-o"), result_.bench.string()}) {
      command.push_back(word);
    }
    command.insert(command.end(), kit_.libraries.begin(), kit_.libraries.end());
    command.insert(command.end(), kit_.link.begin(), kit_.link.end());
    return tool("the Verilated tile does not compile", command, "compile.log", "error");
  }

  [[nodiscard]] int count_warnings() const {
    std::ifstream log(folder_ / "verilator.log");
    int count = 0;
    for (std::string line; std::getline(log, line);) count += line.starts_with("%Warning") ? 1 : 0;
    return count;
  }

  const TileConfig& config_;
  const fs::path folder_, model_;
  const Stop& stop_;
  const Kit kit_;
  Words verilate_;
  TileBuild result_;
};

}  // namespace

TileBuild build_tile(const TileConfig& config, const fs::path& folder, const Stop& stop) {
  fs::create_directories(folder);
  return Build(config, fs::absolute(folder), stop).run();
}

}  // namespace crucible::regress
