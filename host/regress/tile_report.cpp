#include "host/regress/tile_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace crucible::regress {

using nlohmann::ordered_json;

Regression describe_tile(const TileConfig& config, uint64_t seed) {
  Regression result;
  const models::ContractGeometry& g = config.geometry;
  result.name = config.name;
  std::vector<std::string> groups;
  for (const models::PortGroup* group : config.groups) groups.emplace_back(group->name);
  result.what = fmt::format("Tile {} ({}) against the tile contract", config.name,
                            config.sources.back().filename().string());
  result.facts = {
      {"geometry", fmt::format("{} rows, {} physical columns, {} banks, {}-bit inputs, "
                               "{} input words, {} output words",
                               g.rows, g.cols, g.banks, g.in_bits, g.in_words, g.out_words)},
      {"port groups", fmt::format("{}", fmt::join(groups, ", "))},
      {"seed", std::to_string(seed)}};
  for (const Tie& tie : config.ties) {
    result.facts.emplace_back("tie " + tie.port, std::to_string(tie.value));
  }
  return result;
}

ordered_json dut_json(const TileConfig& config) {
  const models::ContractGeometry& g = config.geometry;
  ordered_json json{{"geometry",
                     {{"rows", g.rows},
                      {"cols", g.cols},
                      {"banks", g.banks},
                      {"in_bits", g.in_bits},
                      {"in_words", g.in_words},
                      {"out_words", g.out_words}}},
                    {"groups", ordered_json::array()},
                    {"cycles_per_vector", config.cycles_per_vector},
                    {"products", config.products},
                    {"idle", config.idle}};
  for (const models::PortGroup* group : config.groups) json["groups"].push_back(group->name);
  return json;
}

std::string ladder_headline(const Regression& result) {
  std::vector<std::string> failed;
  const Outcome* first = nullptr;
  for (const Outcome& outcome : result.outcomes) {
    if (outcome.passed() || outcome.status == Status::kNotRun) continue;
    if (first == nullptr) first = &outcome;
    failed.push_back(outcome.name);
  }
  if (first != nullptr) {
    return fmt::format("FAILED: {} of {} checks; the most basic is '{}' ({}).", failed.size(),
                       result.outcomes.size(), first->name, first->what);
  }
  if (!result.passed()) return "Interrupted: not every check was run.";
  return fmt::format("PASSED: all {} checks.", result.outcomes.size());
}

}  // namespace crucible::regress
