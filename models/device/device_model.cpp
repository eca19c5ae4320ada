#include "models/device/device_model.hpp"

#include <algorithm>

#include "models/device/job_cycles.hpp"

namespace crucible::models {

using spec::Status;

DeviceModel::DeviceModel(const spec::HardwareConfig& config, std::span<uint32_t> board_memory)
    : config_(config),
      memory_(config),
      board_memory_(board_memory),
      prepared_(static_cast<size_t>(config.banks)),
      engine_(config) {
  for (const spec::RegisterInfo& known : spec::kRegisters)
    if (known.needs != spec::Needs::kController) at(known.address) = known.reset;
}

uint32_t DeviceModel::at(uint32_t address, uint32_t mask, uint32_t lsb) const {
  return field(at(address), mask, lsb);
}

DeviceModel::JobWords DeviceModel::jobs() const {
  JobWords words;
  std::copy_n(registers_.begin() + spec::kRegJobBank / 4, words.size(), words.begin());
  return words;
}

void DeviceModel::note_refusal(uint32_t bits, uint32_t address) {
  if (!error_addr_taken_ || error_ == 0) {
    error_addr_ = address;
    error_addr_taken_ = true;
  }
  error_ |= bits;
}

DeviceModel::Counts& DeviceModel::Counts::operator+=(const Counts& more) {
  products += more.products;
  saturations += more.saturations;
  clamps += more.clamps;
  reads += more.reads;
  pulses += more.pulses;
  unverified += more.unverified;
  return *this;
}

bool DeviceModel::advance(uint64_t cycles) {
  const bool was_busy = busy();
  const uint64_t running = was_busy ? std::min(cycles, busy_until_ - cycles_) : 0;
  if (!engine_run_) busy_cycles_ += static_cast<uint32_t>(running);
  cycles_ += cycles;
  if (busy()) return false;
  if (engine_run_) {
    engine_.end(engine_run_->outcome, engine_run_->cycles, engine_run_->tile_cycles);
    busy_cycles_ += static_cast<uint32_t>(engine_run_->tile_cycles);
    engine_run_.reset();
  }
  counts_ += under_way_;
  under_way_ = {};
  return was_busy;
}

void DeviceModel::occupy(uint64_t cycles, const Counts& counts) {
  busy_until_ = cycles_ + cycles;
  under_way_ = counts;
}

Status DeviceModel::check_read(uint32_t address) const {
  if (address % 4 != 0) return Status::kBadAddress;
  if (address < spec::kRegisterSpace) {
    const spec::RegisterInfo* found = existing_register(address, config_);
    if (found == nullptr) return Status::kBadAddress;
    if (found->access == spec::Access::kWriteOnly) return Status::kAccess;
  } else if (!memory_.find(address)) {
    return Status::kBadAddress;
  }
  if (busy() && refused_while_busy(address)) return Status::kBusy;
  return Status::kOk;
}

Status DeviceModel::check_write(uint32_t address, uint32_t word, Staged& staged) const {
  if (address % 4 != 0) return Status::kBadAddress;
  if (address >= spec::kRegisterSpace) {
    const auto where = memory_.find(address);
    if (!where) return Status::kBadAddress;
    if (where->window == Window::kOutputLo || where->window == Window::kOutputHi)
      return Status::kAccess;
    if ((busy() || staged.started) && refused_while_busy(address)) return Status::kBusy;
    return DeviceMemory::legal(*where, word) ? Status::kOk : Status::kBadValue;
  }
  const spec::RegisterInfo* found = existing_register(address, config_);
  if (found == nullptr) return Status::kBadAddress;
  if (found->access == spec::Access::kReadOnly) return Status::kAccess;
  if ((busy() || staged.started) && refused_while_busy(address)) return Status::kBusy;
  if (address == spec::kRegCellPoke) {
    return memory_.legal_poke(word) ? Status::kOk : Status::kBadValue;
  }
  if (!legal_register_value(*found, word)) return Status::kBadValue;
  if (address >= spec::kRegJobBank && address <= spec::kRegJobOut) {
    staged.jobs[(address - spec::kRegJobBank) / 4] = word;
  }
  if (address == spec::kRegJobStart && word != 0 && !legal_job(staged.jobs))
    return Status::kBadValue;
  if (address == spec::kRegJobStart || address == spec::kRegGenStart ||
      address == spec::kRegSelftest || address == spec::kRegEngineStart) {
    staged.started = staged.started || word != 0;
  }
  return Status::kOk;
}

bool DeviceModel::legal_job(const JobWords& jobs) const {
  const auto [bank, rows, cols, count, in, stride, out] = jobs;
  const auto limit = [](int value) { return static_cast<uint64_t>(value); };
  return bank < limit(config_.banks) && rows >= 1 && rows <= limit(config_.rows) && cols >= 4 &&
         cols % 4 == 0 && cols <= limit(config_.cols) && count >= 1 &&
         in + uint64_t{count - 1} * stride + (rows + 3) / 4 <= limit(config_.in_words) &&
         out + uint64_t{count} * (cols / 4) <= limit(config_.out_words);
}

BusResult DeviceModel::read(uint32_t address, std::span<uint32_t> words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const Status status = check_read(address + static_cast<uint32_t>(4 * i));
    if (status != Status::kOk) return {status, i};
  }
  for (uint32_t& word : words) {
    word = address < spec::kRegisterSpace ? read_register(address)
                                          : memory_.read(*memory_.find(address));
    address += 4;
  }
  return {};
}

BusResult DeviceModel::write(uint32_t address, std::span<const uint32_t> words, uint32_t step) {
  Staged staged{jobs()};
  for (size_t i = 0; i < words.size(); ++i) {
    const Status status = check_write(address + static_cast<uint32_t>(i) * step, words[i], staged);
    if (status != Status::kOk) return {status, i};
  }
  for (const uint32_t word : words) {
    if (address < spec::kRegisterSpace)
      write_register(address, word);
    else
      memory_.write(*memory_.find(address), word);
    address += step;
  }
  return {};
}

AdcSettings adc_settings(uint32_t word) {
  AdcSettings adc;
  adc.transparent = field(word, spec::kAdcTransparentMask, spec::kAdcTransparentLsb) != 0;
  adc.shift = static_cast<int>(field(word, spec::kAdcShiftMask, spec::kAdcShiftLsb));
  adc.bits = static_cast<int>(field(word, spec::kAdcBitsMask, spec::kAdcBitsLsb));
  return adc;
}

TileSettings DeviceModel::settings() const {
  TileSettings settings;
  settings.inject = at(spec::kRegInject, spec::kInjectEnableMask, spec::kInjectEnableLsb) != 0;
  settings.lsb_exp =
      static_cast<int>(at(spec::kRegInject, spec::kInjectLsbExpMask, spec::kInjectLsbExpLsb));
  settings.base = static_cast<int>(at(spec::kRegBase));
  settings.adc = adc_settings(at(spec::kRegAdc));
  settings.adc_offset = memory_.adc_offset();
  if (config_.effects != 0) settings.effects = effects();
  return settings;
}

const PreparedBank& DeviceModel::prepared(const Job& job, const TileSettings& now) {
  const auto bank = static_cast<int>(job.bank);
  Prepared& cached = prepared_[job.bank];
  const auto rows = static_cast<int>(job.rows), cols = static_cast<int>(job.cols);
  if (!cached.bank || cached.version != memory_.version(bank) || cached.rows != rows ||
      cached.cols != cols || cached.settings != now) {
    cached = {memory_.version(bank), rows, cols, now,
              prepare_bank(memory_.bank(bank), rows, cols, now)};
  }
  return *cached.bank;
}

DeviceModel::Counts DeviceModel::multiply(const Job& job, uint32_t read,
                                          const TileSettings& settings) {
  const auto [bank, rows, cols, count, in, stride, out] = job;
  const PreparedBank& tile = prepared(job, settings);
  std::vector<uint8_t> x(size_t{count} * rows);
  for (size_t k = 0; k < count; ++k) {
    const uint32_t* const words = memory_.inputs().data() + in + k * stride;
    for (size_t row = 0; row < rows; ++row)
      x[k * rows + row] = static_cast<uint8_t>(words[row / 4] >> 8 * (row % 4));
  }
  std::vector<int64_t> results(size_t{count} * (cols / 4));
  TileCounters counters;
  tile.multiply(read, x, static_cast<int>(count), results, counters);
  for (size_t i = 0; i < results.size(); ++i) memory_.set_output(out + i, results[i]);
  return {.products = count,
          .saturations = static_cast<uint32_t>(counters.saturations),
          .clamps = static_cast<uint32_t>(counters.clamps),
          .reads = static_cast<uint32_t>(counters.reads)};
}

bool DeviceModel::cell_noise() const {
  return static_cast<ReadNoise>(at(spec::kRegEffects, spec::kEffectsNoiseMask,
                                   spec::kEffectsNoiseLsb)) == ReadNoise::kCell;
}

void DeviceModel::start_job() {
  const auto [bank, rows, cols, count, in, stride, out] = jobs();
  const Job job{bank, rows, cols, count, in, stride, out};
  occupy(job_cycles(config_, {rows, cols, count, cell_noise()}),
         multiply(job, at(spec::kRegJobRead), settings()));
}

}  // namespace crucible::models
