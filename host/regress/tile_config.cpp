#include "host/regress/tile_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "host/experiment/yaml_reader.hpp"
#include "host/regress/yaml_name.hpp"
#include "models/error.hpp"

namespace crucible::regress {
namespace {

using experiment::YamlMap;
using experiment::YamlValue;
namespace fs = std::filesystem;

constexpr int kTieBits = 32;

std::string identifier(const YamlValue& value) {
  std::string text = value.text();
  const auto letter = [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
  };
  bool good = letter(text[0]);
  for (const char c : text)
    good = good && (letter(c) || std::isdigit(static_cast<unsigned char>(c)));
  if (!good) value.fail(fmt::format("'{}' is no SystemVerilog identifier", text));
  return text;
}

models::ContractGeometry geometry_of(const YamlValue& value) {
  const YamlMap map = value.map({"rows", "cols", "banks", "in_bits", "in_words", "out_words"});
  models::ContractGeometry g;
  const auto read = [&](const char* key, int lowest, int highest) {
    return static_cast<int>(map[key].integer(lowest, highest));
  };
  g.rows = read("rows", 4, 512);
  if (g.rows % 4 != 0)
    map["rows"].fail(fmt::format("'rows' must be a multiple of 4, found {}", g.rows));
  g.cols = read("cols", 4, 256);
  if ((g.cols & (g.cols - 1)) != 0) {
    map["cols"].fail(fmt::format("'cols' must be a power of two, found {}", g.cols));
  }
  g.banks = read("banks", 1, 65535);
  g.in_bits = read("in_bits", 1, 8);
  g.in_words = read("in_words", g.rows / 4, 65536);
  g.out_words = read("out_words", std::max(2, g.cols / 4), 65535);
  return g;
}

void read_groups(TileConfig& config, const YamlMap& map) {
  std::vector<std::string> known, declared;
  for (const models::PortGroup& group : models::port_groups()) known.emplace_back(group.name);
  known.erase(known.begin());
  for (const YamlValue& value : map["effects"].list()) declared.push_back(value.choice(known));
  for (const models::PortGroup& group : models::port_groups()) {
    const bool base = &group == &models::port_groups().front();
    if (base || std::find(declared.begin(), declared.end(), group.name) != declared.end()) {
      config.groups.push_back(&group);
    }
  }
}

void read_ties(TileConfig& config, const YamlMap& map) {
  int bits = 0;
  for (const YamlValue& value : map["ties"].list()) {
    const YamlMap tie = value.map({"port", "bits"}, {"value"});
    Tie one{identifier(tie["port"]), static_cast<int>(tie["bits"].integer(1, kTieBits)), 0};
    if (tie.has("value")) {
      one.value = static_cast<uint32_t>(tie["value"].integer(0, (int64_t{1} << one.bits) - 1));
    }
    bits += one.bits;
    if (bits > kTieBits) {
      value.fail(fmt::format("the ties take {} bits together, more than {}", bits, kTieBits));
    }
    config.ties.push_back(one);
  }
}

void read_limits(TileConfig& config, const YamlMap& map) {
  const YamlMap limits = map["limits"].map(
      {}, {"cycles_per_vector", "check_seconds", "build_seconds", "network_seconds"});
  const auto read = [&](const char* key, int& value, int highest) {
    if (limits.has(key)) value = static_cast<int>(limits[key].integer(1, highest));
  };
  read("cycles_per_vector", config.cycles_per_vector, 100'000'000);
  read("check_seconds", config.check_seconds, 86'400);
  read("build_seconds", config.build_seconds, 86'400);
  read("network_seconds", config.network_seconds, 86'400);
}

void read_network(TileConfig& config, const YamlMap& map) {
  const YamlMap network =
      map["network"].map({"images"}, {"calibration_images", "adc_bits", "base"});
  config.has_network = true;
  const auto read = [&](const char* key, int& value, int lowest, int highest) {
    if (network.has(key)) value = static_cast<int>(network[key].integer(lowest, highest));
  };
  read("images", config.network.images, 1, 10'000);
  read("calibration_images", config.network.calibration_images, 1, 60'000);
  read("adc_bits", config.network.adc_bits, 1, 12);
  read("base", config.network.base, 0, 255);
  if (config.network.base != 0 && !config.has("rails")) {
    network["base"].fail("'base' needs a tile with the effect 'rails'");
  }
  if (config.geometry.in_bits != 8) {
    map["network"].fail(
        "a network's inputs have 8 bits: leave 'network' out for a tile with fewer");
  }
}

}  // namespace

bool TileConfig::has(const std::string& group) const {
  return std::any_of(groups.begin(), groups.end(),
                     [&](const models::PortGroup* own) { return own->name == group; });
}

uint32_t TileConfig::tie_word() const {
  uint32_t word = 0;
  int at = 0;
  for (const Tie& tie : ties) {
    word |= tie.value << at;
    at += tie.bits;
  }
  return word;
}

TileConfig load_tile_config(const fs::path& file, const fs::path& tile) {
  const YamlMap map =
      experiment::load_yaml(file, "crucible.tile/1", {"name", "top", "geometry", "effects"},
                            {"sources", "include", "parameters", "ties", "verilator", "limits",
                             "products", "idle", "network"});
  TileConfig config;
  config.name = name_of(map["name"]);
  config.top = identifier(map["top"]);
  config.geometry = geometry_of(map["geometry"]);
  config.cycles_per_vector = 4 * config.geometry.rows * config.geometry.cols + 256;
  read_groups(config, map);
  const auto paths = [&](const char* key, std::vector<fs::path>& list) {
    if (!map.has(key)) return;
    for (const YamlValue& value : map[key].list()) {
      const fs::path path = fs::absolute(file).parent_path() / value.text();
      if (!fs::exists(path)) value.fail(fmt::format("there is no {}", path.string()));
      list.push_back(path.lexically_normal());
    }
  };
  paths("sources", config.sources);
  paths("include", config.include);
  if (!fs::exists(tile)) {
    throw Error(ErrorKind::kUsage, fmt::format("--tile: there is no '{}'", tile.string()));
  }
  config.sources.push_back(fs::absolute(tile).lexically_normal());
  if (map.has("parameters")) {
    for (const YamlValue& value : map["parameters"].list()) {
      const YamlMap one = value.map({"name", "value"});
      config.parameters.emplace_back(identifier(one["name"]),
                                     one["value"].integer(INT32_MIN, INT32_MAX));
    }
  }
  if (map.has("ties")) read_ties(config, map);
  if (map.has("verilator")) {
    for (const YamlValue& value : map["verilator"].list()) config.verilator.push_back(value.text());
  }
  if (map.has("limits")) read_limits(config, map);
  if (map.has("products"))
    config.products = static_cast<int>(map["products"].integer(1, 100'000'000));
  if (map.has("idle")) config.idle = map["idle"].number(0, 0.9);
  if (map.has("network")) read_network(config, map);
  return config;
}

void set_tie(TileConfig& config, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  std::vector<std::string> known;
  for (Tie& tie : config.ties) {
    known.push_back(tie.port);
    if (equals == std::string::npos || tie.port != assignment.substr(0, equals)) continue;
    const std::string text = assignment.substr(equals + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), tie.value);
    if (error == std::errc() && end == text.data() + text.size() &&
        (tie.bits == 32 || tie.value >> tie.bits == 0)) {
      return;
    }
    throw Error(ErrorKind::kUsage,
                fmt::format("--tie {}: '{}' is no number of {} bits", assignment, text, tie.bits));
  }
  throw Error(
      ErrorKind::kUsage,
      fmt::format("--tie {}: give PORT=VALUE with a port of the configuration's 'ties' ({})",
                  assignment, fmt::join(known, ", ")));
}

}  // namespace crucible::regress
