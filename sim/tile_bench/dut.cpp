#include "sim/tile_bench/dut.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "models/error.hpp"

namespace crucible::sim {

const models::PortGroup* Dut::find(const std::string& group) const {
  for (const models::PortGroup* own : groups) {
    if (own->name == group) return own;
  }
  return nullptr;
}

Dut load_dut(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw Error(ErrorKind::kData, fmt::format("{}: cannot be read", file));
  try {
    const nlohmann::json json = nlohmann::json::parse(in);
    const nlohmann::json& g = json.at("geometry");
    Dut dut;
    dut.geometry = {g.at("rows"),    g.at("cols"),     g.at("banks"),
                    g.at("in_bits"), g.at("in_words"), g.at("out_words")};
    for (const models::PortGroup& group : models::port_groups()) {
      for (const auto& name : json.at("groups")) {
        if (name == group.name) dut.groups.push_back(&group);
      }
    }
    dut.cycles_per_vector = json.at("cycles_per_vector");
    dut.products = json.at("products");
    dut.idle = json.at("idle");
    return dut;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::kData, fmt::format("{}: {}", file, error.what()));
  }
}

}  // namespace crucible::sim
