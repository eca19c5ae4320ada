// What every device behind a port must do: products equal to the reference's, with random settings
// and, where the device has them, effects. The words are packed here, not by the driver.
#include "models/tile/tile_twin.hpp"
#include "tests/unit/models_support.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

using models::EffectSettings;
using Words = std::vector<uint32_t>;

uint32_t u(int value) { return static_cast<uint32_t>(value); }

template <typename Value>
uint32_t entry(const std::vector<Value>& table, size_t i, uint32_t mask) {
  return table.empty() ? 0 : static_cast<uint32_t>(int32_t{table[i]}) & mask;
}

/// Four signed bytes a word.
Words bytes(const std::vector<int8_t>& table, size_t size) {
  Words words(size / 4);
  for (size_t i = 0; i < size; ++i) words[i / 4] |= entry(table, i, 0xFF) << (8 * (i % 4));
  return words;
}

void write_effects(IPort& port, const spec::HardwareConfig& config, const EffectSettings& effects,
                   uint32_t first_read) {
  const auto rows = static_cast<size_t>(config.rows), cols = static_cast<size_t>(config.cols);
  Words columns, lines;
  for (size_t c = 0; c < cols; ++c) {
    columns.push_back(entry(effects.col_loss, c, 0x7FFF) | entry(effects.adc_gain_error, c, 0xFFFF)
                                                               << 16);
  }
  for (size_t r = 0; r < rows; ++r) {
    lines.push_back(entry(effects.row_loss, r, 0x7FFF) | entry(effects.dac_offset, r, 0xFF) << 16 |
                    entry(effects.dac_gain, r, 0xFF) << 24);
  }
  port.write(spec::kWindowColumnTable, columns);
  port.write(spec::kWindowRowTable, lines);
  port.write(spec::kWindowAdcInl, bytes(effects.adc_inl_steps, 16 * cols));
  port.write(spec::kWindowDacInl, bytes(effects.dac_inl, 16 * rows));
  const auto& loss = effects.drift_loss;
  port.write(spec::kRegNoiseSeedLo,
             Words{static_cast<uint32_t>(effects.noise_seed),
                   static_cast<uint32_t>(effects.noise_seed >> 32), effects.noise_cell,
                   effects.noise_slope, loss[0] | uint32_t{loss[1]} << 16,
                   loss[2] | uint32_t{loss[3]} << 16});
  port.write_word(spec::kRegEffects, (effects.drift ? 1u : 0u) | (effects.stuck ? 2u : 0u) |
                                         static_cast<uint32_t>(effects.noise) << 2 |
                                         (effects.attenuation ? 16u : 0u) |
                                         (effects.adc_gain ? 32u : 0u) |
                                         (effects.adc_inl ? 64u : 0u) | (effects.dac ? 128u : 0u));
  port.write_word(spec::kRegJobRead, first_read);
}

TEST_P(PortConformance, JobsGiveTheReferencesResults) {
  const size_t bank_words = size(config_.rows) * (size(config_.cols) / level_cells());
  models::testing::Random random(kSeed);
  const bool effects = config_.effects != 0;
  for (int round = 0; round < (effects ? 40 : 12); ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round << ", seed " << kSeed);
    models::TileSettings settings =
        models::testing::random_settings(random, config_.rows, config_.cols);
    settings.adc_offset.resize(size(config_.cols));
    if (effects && round % 4 != 0)
      settings.effects = models::testing::random_effects(random, config_.rows, config_.cols);
    const int rows = round == 0 ? config_.rows : random(1, config_.rows);
    const int cols = 4 * (round == 0 ? config_.cols / 4 : random(1, config_.cols / 4));
    const int most = settings.effects.noise == models::ReadNoise::kCell ? 3 : 20;
    const int count = random(
        1, std::min({most, config_.out_words / (cols / 4), config_.in_words / ((rows + 3) / 4)}));
    models::BankCells cells = models::testing::random_cells(random, config_.rows, config_.cols);
    if (effects) models::testing::add_stuck(random, cells);
    cells.bank = u(random(0, config_.banks - 1));
    Words levels(bank_words), stuck(bank_words);
    for (size_t i = 0; i < cells.levels.size(); ++i) {
      const size_t lsb = 2 * (i % level_cells());
      levels[i / level_cells()] |= uint32_t{cells.levels[i]} << lsb;
      stuck[i / level_cells()] |= entry(cells.stuck, i, 3) << lsb;
    }
    const Words offsets = bytes(cells.offsets, cells.offsets.size());
    Words adc_offsets;
    for (const int16_t offset : settings.adc_offset)
      adc_offsets.push_back(static_cast<uint32_t>(int32_t{offset}));
    // The numbers of reads run over the end of 32 bits, too.
    const uint32_t first_read = round % 5 == 0 ? ~0u : static_cast<uint32_t>(random_());
    const std::vector<uint8_t> x = models::testing::random_inputs(random, count, rows);
    const auto stride = static_cast<size_t>((rows + 3) / 4);
    Words input(stride * size(count));
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t row = i % size(rows);
      input[i / size(rows) * stride + row / 4] |= uint32_t{x[i]} << (8 * (row % 4));
    }
    std::vector<int64_t> expected(size(count) * size(cols / 4));
    models::TileCounters counters;
    models::reference_multiply(cells, rows, cols, settings, first_read, x, count, expected,
                               counters);

    port_->write(word(spec::kWindowLevel, cells.bank * bank_words), levels);
    port_->write(word(spec::kWindowOffset, cells.bank * offsets.size()), offsets);
    port_->write(spec::kWindowAdcOffset, adc_offsets);
    if (effects) {
      port_->write(word(spec::kWindowStuck, cells.bank * bank_words), stuck);
      write_effects(*port_, config_, settings.effects, first_read);
    }
    port_->write(spec::kRegInject,
                 Words{(settings.inject ? 1u : 0u) | u(settings.lsb_exp) << 8, u(settings.base),
                       u(settings.adc.shift) | u(settings.adc.bits) << 8 |
                           (settings.adc.transparent ? 1u << 16 : 0u)});
    port_->write(spec::kWindowInput, input);
    port_->write_word(spec::kRegCtrl, 1);
    const uint32_t out =
        u(config_.out_words) - static_cast<uint32_t>(expected.size());  // the last words there are
    port_->write(spec::kRegJobBank, Job{cells.bank, u(rows), u(cols), u(count), 0,
                                        static_cast<uint32_t>(stride), out, 1});
    port_->wait_idle(kPatience);
    const Words low = read(word(spec::kWindowOutputLo, out), expected.size());
    const Words high = read(word(spec::kWindowOutputHi, out), expected.size());
    std::vector<int64_t> got;
    for (size_t i = 0; i < low.size(); ++i)
      got.push_back(static_cast<int64_t>(low[i] | uint64_t{high[i]} << 32));
    EXPECT_EQ(got, expected);
    EXPECT_EQ(port_->read_word(spec::kRegProducts), u(count));
    EXPECT_EQ(port_->read_word(spec::kRegSaturations), static_cast<uint32_t>(counters.saturations));
    if (!effects) continue;
    EXPECT_EQ(port_->read_word(spec::kRegClamps), static_cast<uint32_t>(counters.clamps));
    EXPECT_EQ(port_->read_word(spec::kRegReads), static_cast<uint32_t>(counters.reads));
  }
}

}  // namespace
}  // namespace crucible::port
