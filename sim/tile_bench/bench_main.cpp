// The bench as a program: one check a process, so that a tile that hangs or crashes ends one check
// and nothing else.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "models/error.hpp"
#include "models/network/twin_engine.hpp"
#include "sim/tile_bench/bench_main.hpp"
#include "sim/tile_bench/checks.hpp"
#include "sim/tile_bench/lockstep_tile.hpp"
#include "sim/tile_bench/tile_engine.hpp"

namespace crucible::sim {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::string dut, check, trace, network;
  uint64_t seed = 1, trace_from = 0;
  uint32_t tie = 0;
  bool list = false;
};

constexpr const char* kUninitialised = "uninitialised";
constexpr const char* kNetwork = "network";

/// Traffic of every kind without looking at the arithmetic.
void drive(LockstepTile& tile, const Dut& dut, uint64_t seed, uint64_t& products) {
  constexpr int kRounds = 8;
  try {
    Bench bench(tile, dut, seed);
    const Groups effects(dut.groups.begin() + 1, dut.groups.end());
    for (int round = 0; round < kRounds && tile.difference().empty(); ++round) {
      const TileJob job = bench.random_job(8);
      bench.install(bench.random_setup(effects), job.bank);
      bench.driver.load(0, bench.random_inputs());
      bench.driver.run(job);
      static_cast<void>(bench.driver.results(job));
      products += job.count;
    }
  } catch (const Violation&) {
    // Whatever else is wrong is for the checks whose question it is.
  }
}

/// Two tiles at once, again and again: what starts undefined may start alike by chance.
ordered_json run_uninitialised(const Dut& dut, uint64_t seed) {
  constexpr uint64_t kPairs = 8;
  uint64_t products = 0;
  for (uint64_t pair = 0; pair < kPairs; ++pair) {
    LockstepTile tile(kPairs * seed + pair);
    drive(tile, dut, seed + pair, products);
    if (tile.difference().empty()) continue;
    return {{"passed", false}, {"message", tile.difference()}, {"products", products}};
  }
  return {{"passed", true}, {"message", ""}, {"products", products}};
}

ordered_json run_network(ITile& tile, const Dut& dut, const Options& options) {
  std::ifstream in(options.network, std::ios::binary);
  if (!in) throw Error(ErrorKind::kData, fmt::format("{}: cannot be read", options.network));
  const models::NetworkJob job =
      models::network_job_from_bytes({std::istreambuf_iterator<char>(in), {}});
  const auto count = static_cast<int>(job.labels.size());
  const auto classes = static_cast<size_t>(job.network.classes());
  std::vector<int64_t> expected(job.labels.size() * classes), got(expected.size());
  models::TwinEngine twin(job.network, job.offsets);
  models::run_pipeline(job.network, twin, job.images, count, expected);
  models::Draw draw(options.seed);
  TileDriver driver(tile, dut, draw);
  TileEngine engine(driver, dut, job);
  std::string message;
  try {
    driver.reset();
    models::run_pipeline(job.network, engine, job.images, count, got);
  } catch (const Violation& violation) {
    message = violation.what();
  }
  int correct = 0, correct_twin = 0;
  for (size_t i = 0; i < job.labels.size(); ++i) {
    const auto of = [&](std::vector<int64_t>& logits) {
      return std::span(logits).subspan(i * classes, classes);
    };
    correct += models::predicted_class(of(got)) == job.labels[i] ? 1 : 0;
    correct_twin += models::predicted_class(of(expected)) == job.labels[i] ? 1 : 0;
    for (size_t c = 0; c < classes && message.empty(); ++c) {
      if (of(got)[c] == of(expected)[c]) continue;
      message = fmt::format("image {}, logit {}: the tile gives {}, the twin {}", i, c, of(got)[c],
                            of(expected)[c]);
    }
  }
  return {
      {"passed", message.empty()},    {"message", message},   {"products", engine.products()},
      {"cycles", driver.cycle()},     {"images", count},      {"correct", correct},
      {"correct_twin", correct_twin}, {"logits", got.size()}, {"from", driver.transaction_start()}};
}

ordered_json run_check(ITile& tile, const Dut& dut, const Check& check, uint64_t seed) {
  std::unique_ptr<Bench> bench;
  ordered_json result{{"passed", true}, {"message", ""}};
  try {
    bench = std::make_unique<Bench>(tile, dut, seed);
    check.run(*bench);
  } catch (const Violation& violation) {
    result["passed"] = false;
    result["message"] = violation.what();
  }
  result["products"] = bench ? bench->products : 0;
  result["cycles"] = bench ? bench->driver.cycle() : 0;
  result["from"] = bench ? bench->driver.transaction_start() : 0;
  return result;
}

ordered_json list(const Dut& dut) {
  ordered_json checks = ordered_json::array(
      {{{"name", kUninitialised},
        {"asks", "do two runs agree whose registers and memories start with other values?"}}});
  for (const Check& check : checks_of(dut)) {
    checks.push_back({{"name", check.name}, {"asks", check.asks}});
  }
  checks.push_back({{"name", kNetwork}, {"asks", "is every logit of a network the twin's?"}});
  return checks;
}

ordered_json run(const Options& options) {
  Dut dut = load_dut(options.dut);
  dut.tie = options.tie;
  if (options.list) return list(dut);
  if (options.check == kUninitialised) return run_uninitialised(dut, options.seed);
  const auto tile = make_tile(options.seed);
  if (!options.trace.empty()) tile->trace(options.trace, options.trace_from);
  if (options.check == kNetwork) return run_network(*tile, dut, options);
  for (const Check& check : checks_of(dut)) {
    if (check.name == options.check) return run_check(*tile, dut, check, options.seed);
  }
  throw Error(ErrorKind::kUsage, fmt::format("unknown check '{}'; see --list", options.check));
}

}  // namespace

int bench_main(int argc, char** argv) {
  Options options;
  CLI::App app("One check of a tile: a JSON document on stdout", "tile-bench");
  app.add_option("dut", options.dut, "Description of the tile")->required();
  app.add_option("--check", options.check, "Name of the check");
  app.add_flag("--list", options.list, "The checks in their order, instead");
  app.add_option("--seed", options.seed, "Seed of everything random");
  app.add_option("--tie", options.tie, "Value of the extra inputs");
  app.add_option("--network", options.network, "Network, images and chip (for the check network)");
  app.add_option("--trace", options.trace, "Write an FST");
  app.add_option("--trace-from", options.trace_from, "First cycle of the FST");
  try {
    app.parse(argc, argv);
    const ordered_json result = run(options);
    fmt::print("{}\n", result.dump());
    return options.list || result.at("passed").get<bool>() ? 0 : 1;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "tile-bench: {}\n", error.what());
    return 2;
  }
}

}  // namespace crucible::sim
