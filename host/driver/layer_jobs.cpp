// Layers as jobs: what is uploaded, which bank runs over it, what is read back.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <list>

#include "host/driver/accelerator.hpp"
#include "host/driver/budget.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::driver {

using models::BankPlacement;
using port::Step;

namespace {

/// Part of the input vectors that is uploaded at once, and the banks that run over it.
struct Chunk {
  int first_input = 0;
  int inputs = 0;
  std::vector<BankPlacement> banks;
  [[nodiscard]] int stride() const { return (inputs + 3) / 4; }  ///< words of a vector
};

/// The whole vector where the input buffer holds it, else one chunk a row block.
std::vector<Chunk> cut(const std::vector<BankPlacement>& banks, int inputs, int in_words) {
  const bool whole = (inputs + 3) / 4 <= in_words &&
                     std::all_of(banks.begin(), banks.end(), [](const BankPlacement& bank) {
                       return bank.first_input % 4 == 0;
                     });
  if (whole) return {{0, inputs, banks}};
  std::vector<Chunk> chunks;
  for (const BankPlacement& bank : banks) {
    if (chunks.empty() || chunks.back().first_input != bank.first_input ||
        chunks.back().inputs != bank.inputs) {
      chunks.push_back({bank.first_input, bank.inputs, {}});
    }
    chunks.back().banks.push_back(bank);
  }
  return chunks;
}

void check(const Identity& id, const std::vector<BankPlacement>& banks, int inputs, int outputs,
           size_t x, int count, size_t acc) {
  const auto size = [count](int width) {
    return static_cast<size_t>(width) * static_cast<size_t>(count);
  };
  if (inputs < 1 || outputs < 1 || count < 0 || x != size(inputs) || acc != size(outputs)) {
    throw Error(ErrorKind::kUsage, fmt::format("product of {} vectors with {} inputs and {} "
                                               "outputs: {} input and {} output values given",
                                               count, inputs, outputs, x, acc));
  }
  for (const BankPlacement& bank : banks) {
    if (bank.bank < 0 || bank.bank >= id.geometry.banks || bank.inputs < 1 ||
        bank.inputs > id.geometry.rows || bank.outputs < 1 ||
        bank.outputs > id.geometry.outputs() || bank.first_input < 0 ||
        bank.first_input + bank.inputs > inputs || bank.first_output < 0 ||
        bank.first_output + bank.outputs > outputs) {
      throw Error(
          ErrorKind::kUsage,
          fmt::format("bank {} with inputs {} .. {} and outputs {} .. {} does not fit a tile of {} "
                      "banks of {} rows and {} outputs, or a layer of {} inputs and {} outputs",
                      bank.bank, bank.first_input, bank.first_input + bank.inputs - 1,
                      bank.first_output, bank.first_output + bank.outputs - 1, id.geometry.banks,
                      id.geometry.rows, id.geometry.outputs(), inputs, outputs));
    }
  }
}

/// A batch that fills the buffers once: vectors up, a job a bank, results down. Owns what the steps
/// point to.
class Batch {
 public:
  Batch(const Identity& id, bool wide, models::ReadNoise noise)
      : id_(id), wide_(wide), noise_(noise) {}

  void upload(const Chunk& chunk, std::span<const uint8_t> x, int inputs, int first, int count) {
    const auto stride = static_cast<size_t>(chunk.stride());
    input_.assign(stride * static_cast<size_t>(count), 0);
    for (int k = 0; k < count; ++k) {
      const auto vector = x.subspan(static_cast<size_t>(first + k) * static_cast<size_t>(inputs) +
                                        static_cast<size_t>(chunk.first_input),
                                    static_cast<size_t>(chunk.inputs));
      for (size_t i = 0; i < vector.size(); ++i) {
        input_[static_cast<size_t>(k) * stride + i / 4] |= uint32_t{vector[i]} << (8 * (i % 4));
      }
    }
    steps_.push_back(Step::write(spec::kWindowInput, input_));
  }

  /// The number of the first vector's read, which the noise of reads depends on.
  void number(uint32_t first_read) {
    if (noise_ == models::ReadNoise::kNone) return;
    first_read_ = first_read;
    steps_.push_back(Step::write(spec::kRegJobRead, {&first_read_, 1}));
  }

  [[nodiscard]] bool fits(const BankPlacement& bank, int count) const {
    return used_ + bank.outputs * count <= id_.out_words;
  }

  void job(const Chunk& chunk, const BankPlacement& bank, int count) {
    // JOB_BANK .. JOB_START lie side by side: one burst sets and starts the job.
    registers_.push_back({static_cast<uint32_t>(bank.bank), static_cast<uint32_t>(bank.inputs),
                          static_cast<uint32_t>(4 * bank.outputs), static_cast<uint32_t>(count),
                          static_cast<uint32_t>((bank.first_input - chunk.first_input) / 4),
                          static_cast<uint32_t>(chunk.stride()), static_cast<uint32_t>(used_),
                          spec::kJobStartStartMask});
    steps_.push_back(Step::write(spec::kRegJobBank, registers_.back()));
    steps_.push_back(Step::wait_idle(job_budget(id_.geometry, bank, count, noise_)));
    results_.push_back({bank, used_});
    used_ += bank.outputs * count;
  }

  /// Runs what has been collected and adds the results; the uploaded vectors stay on the device.
  template <typename Run>
  void finish(const Run& run, int first, int count, int outputs, std::span<int64_t> acc) {
    low_.resize(static_cast<size_t>(used_));
    high_.resize(wide_ ? static_cast<size_t>(used_) : 0);
    if (used_ > 0) steps_.push_back(Step::read(spec::kWindowOutputLo, low_));
    if (used_ > 0 && wide_) steps_.push_back(Step::read(spec::kWindowOutputHi, high_));
    run(std::span<const Step>(steps_));
    for (const Result& result : results_) add(result, first, count, outputs, acc);
    steps_.clear();
    registers_.clear();
    results_.clear();
    used_ = 0;
  }

 private:
  struct Result {
    BankPlacement bank;
    int at = 0;  ///< first output word
  };

  void add(const Result& result, int first, int count, int outputs, std::span<int64_t> acc) const {
    auto word = static_cast<size_t>(result.at);
    for (int k = 0; k < count; ++k) {
      const size_t to = static_cast<size_t>(first + k) * static_cast<size_t>(outputs) +
                        static_cast<size_t>(result.bank.first_output);
      for (size_t o = 0; o < static_cast<size_t>(result.bank.outputs); ++o, ++word) {
        const int64_t value = wide_ ? static_cast<int64_t>(low_[word] | uint64_t{high_[word]} << 32)
                                    : static_cast<int32_t>(low_[word]);
        acc[to + o] += value;
      }
    }
  }

  const Identity& id_;
  bool wide_;
  models::ReadNoise noise_;
  uint32_t first_read_ = 0;
  int used_ = 0;  ///< output words
  std::vector<Step> steps_;
  std::vector<uint32_t> input_, low_, high_;
  std::list<std::array<uint32_t, 8>> registers_;
  std::vector<Result> results_;
};

}  // namespace

void Accelerator::multiply(const std::vector<BankPlacement>& banks, int inputs, int outputs,
                           bool wide, uint32_t first_read, std::span<const uint8_t> x, int count,
                           std::span<int64_t> acc) {
  check(identity_, banks, inputs, outputs, x.size(), count, acc.size());
  std::fill(acc.begin(), acc.end(), 0);
  const auto noise = settings_ ? settings_->effects.noise : models::ReadNoise::kNone;
  const auto runner = [this](std::span<const Step> steps) { run(steps); };
  for (const Chunk& chunk : cut(banks, inputs, identity_.in_words)) {
    int widest = 1;
    for (const BankPlacement& bank : chunk.banks) widest = std::max(widest, bank.outputs);
    const int most =
        std::min({identity_.in_words / chunk.stride(), identity_.out_words / widest, 0xFFFF});
    for (int first = 0; first < count; first += most) {
      const int now = std::min(most, count - first);
      Batch batch(identity_, wide, noise);
      batch.upload(chunk, x, inputs, first, now);
      batch.number(first_read + static_cast<uint32_t>(first));
      for (const BankPlacement& bank : chunk.banks) {
        if (!batch.fits(bank, now)) batch.finish(runner, first, now, outputs, acc);
        batch.job(chunk, bank, now);
      }
      batch.finish(runner, first, now, outputs, acc);
    }
  }
}

void Accelerator::multiply(int bank, int rows, int cols, bool wide, std::span<const uint8_t> x,
                           int count, std::span<int64_t> out) {
  if (cols % 4 != 0)
    throw Error(ErrorKind::kUsage,
                fmt::format("{} columns in use; they must be a multiple of 4", cols));
  multiply({{bank, 0, rows, 0, cols / 4}}, rows, cols / 4, wide, 0, x, count, out);
}

}  // namespace crucible::driver
