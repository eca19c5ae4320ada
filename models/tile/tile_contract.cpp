#include "models/tile/tile_contract.hpp"

#include <algorithm>

#include "models/tile/tile_contract_effects.hpp"

namespace crucible::models {
namespace {

using Geometry = ContractGeometry;

size_t cells_of(const Geometry& g) { return static_cast<size_t>(g.rows) * g.cols; }

// base: levels, the quantising ADC, products counted.

void draw_base(const Geometry& g, TileSettings& settings, BankCells& cells, Draw& draw) {
  const bool extremes = draw.one_in(4);
  for (uint8_t& level : cells.levels) {
    level = static_cast<uint8_t>(extremes ? 3 * draw.uniform(0, 1) : draw.uniform(0, 3));
  }
  // Around the step that fits the array, and anywhere.
  int fitting = settings.lsb_exp;
  for (int full_scale = 3 * g.rows; full_scale > 255; full_scale /= 2) ++fitting;
  settings.adc.shift =
      draw.one_in(3) ? draw.edgy(0, 27) : std::min(27, fitting + draw.uniform(-3, 1));
  settings.adc.bits = draw.one_in(2) ? 8 : draw.edgy(1, 12);
}

uint32_t level_word(const Geometry& g, const BankCells& cells, int index) {
  const int row = index / g.level_words(), first = g.level_lanes() * (index % g.level_words());
  uint32_t word = 0;
  for (int lane = 0; lane < g.level_lanes(); ++lane) {
    word |= uint32_t{cells.levels[static_cast<size_t>(row) * g.cols + first + lane]} << (2 * lane);
  }
  return word;
}

// offset: the injection registers.

void draw_offset(const Geometry&, TileSettings& settings, BankCells& cells, Draw& draw) {
  settings.inject = true;
  settings.lsb_exp = draw.edgy(8, 18);
  const bool extremes = draw.one_in(4), sparse = draw.one_in(4);
  for (int8_t& offset : cells.offsets) {
    const int value = extremes ? (draw.one_in(2) ? -128 : 127) : draw.edgy(-128, 127);
    offset = static_cast<int8_t>(sparse && !draw.one_in(8) ? 0 : value);
  }
}

void zero_offset(TileSettings& settings, BankCells& cells) {
  settings.inject = true;
  std::fill(cells.offsets.begin(), cells.offsets.end(), int8_t{0});
}

uint32_t offset_word(const Geometry&, const BankCells& cells, int index) {
  uint32_t word = 0;
  for (int lane = 0; lane < 4; ++lane) {
    word |= uint32_t{static_cast<uint8_t>(cells.offsets[4 * static_cast<size_t>(index) + lane])}
            << (8 * lane);
  }
  return word;
}

// adc_offset: one a column.

void draw_adc_offset(const Geometry& g, TileSettings& settings, BankCells&, Draw& draw) {
  const int limit = draw.one_in(2) ? 32767 : 512;
  settings.adc_offset.clear();
  for (int col = 0; col < g.cols; ++col) {
    settings.adc_offset.push_back(static_cast<int16_t>(draw.edgy(-limit - 1, limit)));
  }
}

uint32_t adc_offset_word(const Geometry&, const TileSettings& settings, int index) {
  const int value =
      settings.adc_offset.empty() ? 0 : settings.adc_offset[static_cast<size_t>(index)];
  return static_cast<uint32_t>(value);  // sign-extended
}

// One entry a group. A new effect is one entry here, and its section in docs/tile_contract.md.
std::vector<PortGroup> all_groups() {
  std::vector<PortGroup> groups{
      {.name = "base",
       .says = "levels, sums, quantising ADC, shift-and-add",
       .inputs = {{"adc_shift_i", 5, [](auto& s) { return static_cast<uint64_t>(s.adc.shift); }},
                  {"adc_bits_i", 4, [](auto& s) { return static_cast<uint64_t>(s.adc.bits); }}},
       .outputs = {{"product_o", 1, [](auto& c) { return c.products; }}},
       .cells = {{0, [](auto& g) { return g.rows * g.level_words(); }, level_word, false}},
       .draw = draw_base},
      {.name = "offset",
       .says = "one injected offset a cell",
       .inputs = {{"inject_en_i", 1, [](auto& s) { return uint64_t{s.inject}; }},
                  {"lsb_exp_i", 5, [](auto& s) { return static_cast<uint64_t>(s.lsb_exp); }}},
       .cells = {{1, [](auto& g) { return g.rows * g.cols / 4; }, offset_word, true}},
       .draw = draw_offset,
       .zero = zero_offset,
       .disable = [](TileSettings& settings) { settings.inject = false; }},
      {.name = "rails",
       .says = "level 0 above the lower rail",
       .inputs = {{"base_i", 8, [](auto& s) { return static_cast<uint64_t>(s.base); }}},
       .draw = [](const Geometry&, TileSettings& settings, BankCells&,
                  Draw& draw) { settings.base = draw.edgy(0, 255); },
       .zero = [](TileSettings& settings, BankCells&) { settings.base = 0; }},
      {.name = "adc_offset",
       .says = "one ADC offset a column",
       .tables = {{5, [](auto& g) { return g.cols; }, adc_offset_word}},
       .draw = draw_adc_offset,
       .zero = [](TileSettings& settings, BankCells&) { settings.adc_offset.clear(); }},
      {.name = "transparent",
       .says = "an ADC mode that loses nothing",
       .inputs = {{"adc_transparent_i", 1, [](auto& s) { return uint64_t{s.adc.transparent}; }}},
       .draw = [](const Geometry&, TileSettings& settings, BankCells&,
                  Draw& draw) { settings.adc.transparent = !draw.one_in(4); },
       .disable = [](TileSettings& settings) { settings.adc.transparent = false; }},
      {.name = "saturations",
       .says = "saturated conversions counted",
       .outputs = {{"sat_o", 8, [](auto& c) { return c.saturations; }}}},
  };
  for (PortGroup& group : effect_groups()) groups.push_back(std::move(group));
  return groups;
}

}  // namespace

std::span<const PortGroup> port_groups() {
  static const std::vector<PortGroup> groups = all_groups();
  return groups;
}

uint32_t first_read(const TileSettings& settings) {
  return static_cast<uint32_t>(settings.effects.noise_seed >> 32) ^
         0xFFFF'FFF0;  // near the wrap for seeds near 0
}

BankCells ideal_cells(const ContractGeometry& geometry) {
  BankCells cells;
  cells.rows = geometry.rows;
  cells.cols = geometry.cols;
  cells.levels.assign(cells_of(geometry), 0);
  cells.offsets.assign(cells_of(geometry), 0);
  return cells;
}

}  // namespace crucible::models
