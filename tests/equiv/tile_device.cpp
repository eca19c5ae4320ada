#include "tests/equiv/tile_device.hpp"

namespace crucible::sim {
namespace {
constexpr uint32_t kWord = sizeof(uint32_t);
constexpr uint32_t kJobDeadline =
    50'000'000;  // cycles; the longest job of any configuration is far shorter

uint32_t field(uint32_t value, uint32_t lsb) { return value << lsb; }

/// Entry of a table, 0 where it is empty, as `bits` bits at `lsb`.
template <class Value>
uint32_t entry(const std::vector<Value>& table, size_t index, uint32_t bits, uint32_t lsb) {
  if (table.empty()) return 0;
  return (static_cast<uint32_t>(int32_t{table[index]}) & ((1u << bits) - 1)) << lsb;
}

/// Signed bytes of `count` places, four a word.
std::vector<uint32_t> bytes(const std::vector<int8_t>& values, size_t count) {
  std::vector<uint32_t> words(count / 4);
  for (size_t i = 0; i < count; ++i)
    words[i / 4] |= entry(values, i, 8, 8 * static_cast<uint32_t>(i % 4));
  return words;
}
}  // namespace

/// Two bits a cell, as in LEVEL and STUCK; none are zeros.
void TileDevice::put_pairs(uint32_t window, int bank, const std::vector<uint8_t>& pairs) {
  std::vector<uint32_t> words(static_cast<size_t>(config_.rows * level_words()));
  for (size_t cell = 0; cell < pairs.size(); ++cell) {
    const size_t row = cell / static_cast<size_t>(config_.cols),
                 col = cell % static_cast<size_t>(config_.cols);
    words[row * static_cast<size_t>(level_words()) + col / 16] |= uint32_t{pairs[cell]}
                                                                  << (2 * (col % 16));
  }
  client_.put(window + kWord * static_cast<uint32_t>(bank * config_.rows * level_words()), words);
}

std::vector<uint8_t> TileDevice::get_pairs(uint32_t window, int bank) {
  const auto words =
      client_.get(window + kWord * static_cast<uint32_t>(bank * config_.rows * level_words()),
                  static_cast<size_t>(config_.rows * level_words()));
  std::vector<uint8_t> pairs;
  for (int row = 0; row < config_.rows; ++row) {
    for (int col = 0; col < config_.cols; ++col) {
      pairs.push_back(
          (words[static_cast<size_t>(row * level_words() + col / 16)] >> (2 * (col % 16))) & 3);
    }
  }
  return pairs;
}

void TileDevice::program(int bank, const models::BankCells& cells) {
  put_pairs(spec::kWindowLevel, bank, cells.levels);
  client_.put(
      spec::kWindowOffset + kWord * static_cast<uint32_t>(bank * config_.rows * config_.cols / 4),
      bytes(cells.offsets, cells.offsets.size()));
  if (config_.effects != 0) put_pairs(spec::kWindowStuck, bank, cells.stuck);
}

models::BankCells TileDevice::read_back(int bank) {
  const int size = config_.rows * config_.cols;
  models::BankCells cells{.rows = config_.rows, .cols = config_.cols, .levels = {}, .offsets = {}};
  cells.levels = get_pairs(spec::kWindowLevel, bank);
  const auto offsets =
      client_.get(spec::kWindowOffset + kWord * static_cast<uint32_t>(bank * size / 4),
                  static_cast<size_t>(size / 4));
  for (size_t cell = 0; cell < static_cast<size_t>(size); ++cell)
    cells.offsets.push_back(static_cast<int8_t>(offsets[cell / 4] >> (8 * (cell % 4))));
  if (config_.effects != 0) cells.stuck = get_pairs(spec::kWindowStuck, bank);
  return cells;
}

void TileDevice::poke(int bank, int row, int col, int8_t offset) {
  const auto cell = static_cast<uint32_t>((bank * config_.rows + row) * config_.cols + col);
  const uint32_t word = field(cell, spec::kCellPokeCellLsb) | static_cast<uint8_t>(offset);
  client_.poke({&word, 1});
}

void TileDevice::apply(const models::TileSettings& settings) {
  client_.put_word(spec::kRegInject,
                   field(settings.inject, spec::kInjectEnableLsb) |
                       field(static_cast<uint32_t>(settings.lsb_exp), spec::kInjectLsbExpLsb));
  client_.put_word(spec::kRegBase, static_cast<uint32_t>(settings.base));
  client_.put_word(spec::kRegAdc,
                   field(static_cast<uint32_t>(settings.adc.shift), spec::kAdcShiftLsb) |
                       field(static_cast<uint32_t>(settings.adc.bits), spec::kAdcBitsLsb) |
                       field(settings.adc.transparent, spec::kAdcTransparentLsb));
  std::vector<uint32_t> words(static_cast<size_t>(config_.cols));
  for (size_t i = 0; i < settings.adc_offset.size(); ++i)
    words[i] = static_cast<uint32_t>(int32_t{settings.adc_offset[i]});
  client_.put(spec::kWindowAdcOffset, words);
  if (config_.effects != 0) apply(settings.effects);
}

void TileDevice::apply(const models::EffectSettings& e) {
  const auto rows = static_cast<size_t>(config_.rows), cols = static_cast<size_t>(config_.cols);
  client_.put_word(spec::kRegEffects,
                   field(e.drift, spec::kEffectsDriftLsb) | field(e.stuck, spec::kEffectsStuckLsb) |
                       field(static_cast<uint32_t>(e.noise), spec::kEffectsNoiseLsb) |
                       field(e.attenuation, spec::kEffectsAttenuationLsb) |
                       field(e.adc_gain, spec::kEffectsAdcGainLsb) |
                       field(e.adc_inl, spec::kEffectsAdcInlLsb) |
                       field(e.dac, spec::kEffectsDacLsb));
  client_.put_word(spec::kRegNoiseSeedLo, static_cast<uint32_t>(e.noise_seed));
  client_.put_word(spec::kRegNoiseSeedHi, static_cast<uint32_t>(e.noise_seed >> 32));
  client_.put_word(spec::kRegNoiseCell, e.noise_cell);
  client_.put_word(spec::kRegNoiseSlope, e.noise_slope);
  client_.put_word(spec::kRegDrift01, field(e.drift_loss[0], spec::kDrift01Level0Lsb) |
                                          field(e.drift_loss[1], spec::kDrift01Level1Lsb));
  client_.put_word(spec::kRegDrift23, field(e.drift_loss[2], spec::kDrift23Level2Lsb) |
                                          field(e.drift_loss[3], spec::kDrift23Level3Lsb));
  std::vector<uint32_t> column_table, row_table;
  for (size_t c = 0; c < cols; ++c)
    column_table.push_back(entry(e.col_loss, c, 15, 0) | entry(e.adc_gain_error, c, 16, 16));
  for (size_t r = 0; r < rows; ++r) {
    row_table.push_back(entry(e.row_loss, r, 15, 0) | entry(e.dac_offset, r, 8, 16) |
                        entry(e.dac_gain, r, 8, 24));
  }
  client_.put(spec::kWindowColumnTable, column_table);
  client_.put(spec::kWindowRowTable, row_table);
  client_.put(spec::kWindowAdcInl, bytes(e.adc_inl_steps, 16 * cols));
  client_.put(spec::kWindowDacInl, bytes(e.dac_inl, 16 * rows));
}

void TileDevice::load(uint32_t first, std::span<const uint8_t> inputs) {
  std::vector<uint32_t> words((inputs.size() + kWord - 1) / kWord);
  for (size_t i = 0; i < inputs.size(); ++i)
    words[i / kWord] |= uint32_t{inputs[i]} << (8 * (i % kWord));
  client_.put(spec::kWindowInput + kWord * first, words);
}

void TileDevice::start(const Job& job) {
  // One frame: the registers are neighbours, JOB_START last.
  const uint32_t words[] = {job.bank, job.rows,   job.cols, job.count,
                            job.in,   job.stride, job.out,  spec::kJobStartStartMask};
  static_assert(spec::kRegJobStart == spec::kRegJobBank + 7 * kWord);
  if (config_.effects != 0) client_.put_word(spec::kRegJobRead, job.read);
  client_.put(spec::kRegJobBank, words);
}

void TileDevice::wait() { client_.wait(kJobDeadline); }

std::vector<int64_t> TileDevice::results(const Job& job) {
  const size_t count = size_t{job.count} * (job.cols / 4);
  const auto low = client_.get(spec::kWindowOutputLo + kWord * job.out, count);
  const auto high = client_.get(spec::kWindowOutputHi + kWord * job.out, count);
  std::vector<int64_t> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = static_cast<int64_t>((uint64_t{high[i]} << 32) | low[i]);
  return values;
}

models::TileCounters TileDevice::counters() {
  models::TileCounters counters{client_.get_word(spec::kRegProducts),
                                client_.get_word(spec::kRegSaturations), 0, 0};
  if (config_.effects == 0) return counters;
  counters.clamps = client_.get_word(spec::kRegClamps);
  counters.reads = client_.get_word(spec::kRegReads);
  return counters;
}

void TileDevice::generate(const models::GeneratorSettings& s, bool offsets, bool stuck) {
  client_.put_word(spec::kRegGenSigma01, field(s.sigma[0], spec::kGenSigma01Level0Lsb) |
                                             field(s.sigma[1], spec::kGenSigma01Level1Lsb));
  client_.put_word(spec::kRegGenSigma23, field(s.sigma[2], spec::kGenSigma23Level2Lsb) |
                                             field(s.sigma[3], spec::kGenSigma23Level3Lsb));
  client_.put_word(spec::kRegGenShape,
                   field(static_cast<uint32_t>(s.kind), spec::kGenShapeKindLsb) |
                       field(static_cast<uint32_t>(s.limit), spec::kGenShapeLimitLsb));
  client_.put_word(spec::kRegGenStuck, field(s.off_rate, spec::kGenStuckOffLsb) |
                                           field(s.on_rate, spec::kGenStuckOnLsb));
  client_.put_word(spec::kRegVerify,
                   field(static_cast<uint32_t>(s.tolerance), spec::kVerifyToleranceLsb) |
                       field(static_cast<uint32_t>(s.pulses), spec::kVerifyPulsesLsb));
  client_.put_word(spec::kRegVerifyPulse, field(s.pulse_step, spec::kVerifyPulseStepLsb) |
                                              field(s.pulse_sigma, spec::kVerifyPulseSigmaLsb));
  client_.put_word(spec::kRegGenSeedHi, static_cast<uint32_t>(s.seed >> 32));
  client_.put_word(spec::kRegGenSeedLo, static_cast<uint32_t>(s.seed));
  client_.put_word(spec::kRegGenStart, field(offsets, spec::kGenStartOffsetsLsb) |
                                           field(stuck, spec::kGenStartStuckLsb));
  wait();
}

uint32_t TileDevice::self_test(uint32_t tests) {
  client_.put_word(spec::kRegSelftest, tests);
  wait();
  return client_.get_word(spec::kRegSelftestResult);
}

models::RampResult TileDevice::ramp() {
  const uint32_t word = client_.get_word(spec::kRegSelftestRamp);
  return {(word & spec::kSelftestRampWorstMask) >> spec::kSelftestRampWorstLsb,
          (word & spec::kSelftestRampDifferingMask) >> spec::kSelftestRampDifferingLsb};
}

}  // namespace crucible::sim
