#include "models/tile/tile_contract_effects.hpp"

namespace crucible::models {
namespace {

using Geometry = ContractGeometry;

// What only a device model with effects has. Windows that two groups share are written by both,
// with the same words.

uint64_t nothing(const TileSettings&) { return 0; }
uint64_t none(const TileCounters&) { return 0; }

template <class Number>
uint32_t at(const std::vector<Number>& table, size_t index) {
  return table.empty() ? 0 : static_cast<uint32_t>(table[index]);
}

uint32_t byte_of(const std::vector<int8_t>& table, size_t index) { return at(table, index) & 0xff; }

uint32_t stuck_word(const Geometry& g, const BankCells& cells, int index) {
  const int row = index / g.level_words(), first = g.level_lanes() * (index % g.level_words());
  uint32_t word = 0;
  for (int lane = 0; lane < g.level_lanes(); ++lane) {
    word |= at(cells.stuck, static_cast<size_t>(row) * g.cols + first + lane) << (2 * lane);
  }
  return word;
}

uint32_t column_word(const Geometry&, const TileSettings& s, int index) {
  const auto c = static_cast<size_t>(index);
  return at(s.effects.col_loss, c) | at(s.effects.adc_gain_error, c) << 16;
}

uint32_t row_word(const Geometry&, const TileSettings& s, int index) {
  const auto r = static_cast<size_t>(index);
  return at(s.effects.row_loss, r) | byte_of(s.effects.dac_offset, r) << 16 |
         byte_of(s.effects.dac_gain, r) << 24;
}

uint32_t four_steps(const std::vector<int8_t>& steps, int index) {
  uint32_t word = 0;
  for (size_t lane = 0; lane < 4; ++lane)
    word |= byte_of(steps, 4 * static_cast<size_t>(index) + lane) << (8 * lane);
  return word;
}

template <class Number>
void fill(std::vector<Number>& table, int size, int low, int high, Draw& draw) {
  table.clear();
  for (int i = 0; i < size; ++i) table.push_back(static_cast<Number>(draw.edgy(low, high)));
}

constexpr int kMostLoss = 0x7fff;
const TableWindow kColumnTable{6, [](auto& g) { return g.cols; }, column_word};
const TableWindow kRowTable{7, [](auto& g) { return g.rows; }, row_word};

void draw_drift(const Geometry&, TileSettings& settings, BankCells&, Draw& draw) {
  settings.effects.drift = true;
  for (uint16_t& loss : settings.effects.drift_loss)
    loss = static_cast<uint16_t>(draw.edgy(0, 65535));
}

void draw_stuck(const Geometry& g, TileSettings& settings, BankCells& cells, Draw& draw) {
  settings.effects.stuck = true;
  cells.stuck.clear();
  const int rare = draw.one_in(2) ? 2 : 12;
  const size_t size = static_cast<size_t>(g.rows) * g.cols;
  for (size_t i = 0; i < size; ++i)
    cells.stuck.push_back(static_cast<uint8_t>(draw.one_in(rare) ? draw.uniform(1, 2) : 0));
}

void draw_noise(const Geometry&, TileSettings& settings, BankCells&, Draw& draw) {
  settings.effects.noise = draw.one_in(2) ? ReadNoise::kCell : ReadNoise::kColumn;
  settings.effects.noise_seed = uint64_t{draw.word()} << 32 | draw.word();
  const int size = draw.uniform(0, 23);  // of the variances: from nothing to everything
  settings.effects.noise_cell = draw.word() >> (8 + size);
  settings.effects.noise_slope = draw.word() >> (8 + draw.uniform(0, 23));
}

void draw_attenuation(const Geometry& g, TileSettings& settings, BankCells&, Draw& draw) {
  settings.effects.attenuation = true;
  fill(settings.effects.row_loss, g.rows, 0, kMostLoss, draw);
  fill(settings.effects.col_loss, g.cols, 0, kMostLoss, draw);
}

void draw_adc_gain(const Geometry& g, TileSettings& settings, BankCells&, Draw& draw) {
  settings.effects.adc_gain = true;
  fill(settings.effects.adc_gain_error, g.cols, -32768, 32767, draw);
}

void draw_adc_inl(const Geometry& g, TileSettings& settings, BankCells&, Draw& draw) {
  settings.effects.adc_inl = true;
  fill(settings.effects.adc_inl_steps, 16 * g.cols, -128, 127, draw);
}

void draw_dac(const Geometry& g, TileSettings& settings, BankCells&, Draw& draw) {
  settings.effects.dac = true;
  fill(settings.effects.dac_offset, g.rows, -128, 127, draw);
  fill(settings.effects.dac_gain, g.rows, -128, 127, draw);
  fill(settings.effects.dac_inl, 16 * g.rows, -128, 127, draw);
}

}  // namespace

std::vector<PortGroup> effect_groups() {
  return {
      {.name = "drift",
       .says = "a share of the conductance lost, by level",
       .inputs = {{"drift_en_i", 1, [](auto& s) { return uint64_t{s.effects.drift}; }},
                  {"drift_loss_i", 64,
                   [](auto& s) {
                     const auto& loss = s.effects.drift_loss;
                     return uint64_t{loss[0]} | uint64_t{loss[1]} << 16 | uint64_t{loss[2]} << 32 |
                            uint64_t{loss[3]} << 48;
                   }}},
       .draw = draw_drift,
       .zero =
           [](TileSettings& settings, BankCells&) {
             settings.effects.drift = true;
             settings.effects.drift_loss = {};
           },
       .disable = [](TileSettings& settings) { settings.effects.drift = false; }},
      {.name = "stuck",
       .says = "cells stuck at a rail",
       .inputs = {{"stuck_en_i", 1, [](auto& s) { return uint64_t{s.effects.stuck}; }}},
       .cells = {{10, [](auto& g) { return g.rows * g.level_words(); }, stuck_word, false}},
       .draw = draw_stuck,
       .zero =
           [](TileSettings& settings, BankCells& cells) {
             settings.effects.stuck = true;
             cells.stuck.clear();
           },
       .disable = [](TileSettings& settings) { settings.effects.stuck = false; }},
      {.name = "read_noise",
       .says = "noise of reads, a draw a cell or a column",
       .inputs = {{"noise_i", 2, [](auto& s) { return static_cast<uint64_t>(s.effects.noise); }},
                  {"noise_seed_i", 64, [](auto& s) { return s.effects.noise_seed; }},
                  {"noise_cell_i", 24, [](auto& s) { return uint64_t{s.effects.noise_cell}; }},
                  {"noise_slope_i", 24, [](auto& s) { return uint64_t{s.effects.noise_slope}; }},
                  {"job_read_i", 32, [](auto& s) { return uint64_t{first_read(s)}; }}},
       .draw = draw_noise,
       .zero =
           [](TileSettings& settings, BankCells&) {
             if (settings.effects.noise == ReadNoise::kNone)
               settings.effects.noise = ReadNoise::kCell;
             settings.effects.noise_cell = settings.effects.noise_slope = 0;
           },
       .disable = [](TileSettings& settings) { settings.effects.noise = ReadNoise::kNone; }},
      {.name = "tables",
       .says = "words of rows and columns, for attenuation, adc_gain and dac",
       .tables = {kColumnTable, kRowTable}},
      {.name = "attenuation",
       .says = "IR drop by row and column",
       .inputs = {{"attenuation_en_i", 1, [](auto& s) { return uint64_t{s.effects.attenuation}; }}},
       .draw = draw_attenuation,
       .zero =
           [](TileSettings& settings, BankCells&) {
             settings.effects.attenuation = true;
             settings.effects.row_loss.clear();
             settings.effects.col_loss.clear();
           },
       .disable = [](TileSettings& settings) { settings.effects.attenuation = false; }},
      {.name = "adc_gain",
       .says = "one ADC gain error a column",
       .inputs = {{"adc_gain_en_i", 1, [](auto& s) { return uint64_t{s.effects.adc_gain}; }}},
       .draw = draw_adc_gain,
       .zero =
           [](TileSettings& settings, BankCells&) {
             settings.effects.adc_gain = true;
             settings.effects.adc_gain_error.clear();
           },
       .disable = [](TileSettings& settings) { settings.effects.adc_gain = false; }},
      {.name = "adc_inl",
       .says = "integral non-linearity of the ADCs",
       .inputs = {{"adc_inl_en_i", 1, [](auto& s) { return uint64_t{s.effects.adc_inl}; }}},
       .tables = {{8, [](auto& g) { return 4 * g.cols; },
                   [](auto&, auto& s, int index) {
                     return four_steps(s.effects.adc_inl_steps, index);
                   }}},
       .draw = draw_adc_inl,
       .zero =
           [](TileSettings& settings, BankCells&) {
             settings.effects.adc_inl = true;
             settings.effects.adc_inl_steps.clear();
           },
       .disable = [](TileSettings& settings) { settings.effects.adc_inl = false; }},
      {.name = "dac",
       .says = "errors of the input converters",
       .inputs = {{"dac_en_i", 1, [](auto& s) { return uint64_t{s.effects.dac}; }}},
       .tables = {{9, [](auto& g) { return 4 * g.rows; },
                   [](auto&, auto& s, int index) { return four_steps(s.effects.dac_inl, index); }}},
       .draw = draw_dac,
       .zero =
           [](TileSettings& settings, BankCells&) {
             settings.effects.dac = true;
             settings.effects.dac_offset.clear();
             settings.effects.dac_gain.clear();
             settings.effects.dac_inl.clear();
           },
       .disable = [](TileSettings& settings) { settings.effects.dac = false; }},
      {.name = "clamps",
       .says = "conductances limited by a rail and rows read, counted",
       .outputs = {{"clamps_o", 9, [](auto& c) { return c.clamps; }},
                   {"read_o", 1, [](auto& c) { return c.reads; }}}},
      {.name = "services",
       .says = "chips from a seed and self-test, never started: nothing comes of them",
       .inputs = {{"gen_start_i", 2, nothing},
                  {"gen_seed_i", 64, nothing},
                  {"gen_sigma_i", 64, nothing},
                  {"gen_kind_i", 2, nothing},
                  {"gen_limit_i", 12, nothing},
                  {"gen_off_rate_i", 16, nothing},
                  {"gen_on_rate_i", 16, nothing},
                  {"verify_tolerance_i", 7, nothing},
                  {"verify_pulses_i", 8, nothing},
                  {"verify_step_i", 16, nothing},
                  {"verify_sigma_i", 16, nothing},
                  {"self_test_i", 2, nothing}},
       .outputs = {{"pulses_o", 3, none},
                   {"unverified_o", 3, none},
                   {"self_test_result_o", 8, none},
                   {"self_test_word_o", 24, none},
                   {"self_test_ramp_o", 32, none}}},
      {.name = "buffers",
       .says = "a second way to inputs and results, never used: it changes nothing",
       .inputs = {{"eng_in_we_i", 1, nothing},
                  {"eng_in_addr_i", 16, nothing},
                  {"eng_in_wdata_i", 32, nothing},
                  {"eng_out_re_i", 1, nothing},
                  {"eng_out_addr_i", 16, nothing}},
       .open = {"eng_out_rdata_o"}},
  };
}

}  // namespace crucible::models
