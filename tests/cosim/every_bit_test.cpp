// Every bit of an address, of a register's value and of a job counts, and a busy device refuses
// what it must: RTL and model, bit by bit, where random frames would take hours to come by.
#include "models/device/register_rules.hpp"
#include "tests/cosim/model_beside_rtl.hpp"

namespace crucible::sim {
namespace {

using spec::Status;

class EveryBit : public ModelBesideRtl {
 protected:
  struct Place {
    uint32_t address;
    bool writable;
  };
  static uint32_t u(int value) { return static_cast<uint32_t>(value); }

  /// First and last word of every window that is there, and some registers.
  [[nodiscard]] std::vector<Place> places() const {
    std::vector<Place> found{{spec::kRegMagic, false}, {spec::kRegScratch, true}};
    for (const TileWindow& window : tile_windows(config_)) {
      if (window.effects && config_.effects == 0) continue;
      found.push_back({window.address, window.writable});
      found.push_back({window.address + 4 * (window.words - 1), window.writable});
    }
    return found;
  }
  /// Reads there on both sides; after a refusal ERROR_ADDR must be that address.
  void probe(uint32_t address) {
    if (read(address) == Status::kOk) return;
    EXPECT_EQ(client_.get_word(spec::kRegErrorAddr), address);
    write(spec::kRegError, {~0u});
  }
  void start_long_job() {
    const uint32_t words[] = {
        0, u(config_.rows), u(config_.cols), u(config_.out_words / (config_.cols / 4)), 0, 0, 0, 1};
    client_.put(spec::kRegJobBank, words);
  }
  /// Of a register that may be written: a legal value, and not one that starts anything.
  [[nodiscard]] uint32_t quiet_value(const spec::RegisterInfo& at) const {
    uint32_t word = 0;
    for (const spec::FieldInfo& part : at.fields) word |= part.minimum << part.lsb;
    return word;
  }
  static uint32_t starting_bits(uint32_t address) {
    switch (address) {
      case spec::kRegGenStart:
        return spec::kGenStartOffsetsMask | spec::kGenStartStuckMask;
      case spec::kRegSelftest:
        return spec::kSelftestMarchMask | spec::kSelftestRampMask;
      default:
        return 0;
    }
  }
};

TEST_P(EveryBit, OfAnAddressIsLookedAt) {
  for (const Place& place : places()) {
    if (place.writable) write(place.address, {static_cast<uint32_t>(random(1 << 15)) & 0x5555});
    for (uint32_t bit = 1; bit != 0; bit <<= 1) probe(place.address ^ bit);
  }
  for (int trial = 0; trial < 1000; ++trial) {
    const std::vector<Place> all = places();
    const uint32_t address = all[random(all.size())].address ^ 1u << random(32) ^ 1u << random(32);
    if (random(3) == 0 && address >= spec::kRegisterSpace) {
      write(address, {static_cast<uint32_t>(random(1 << 15))});
      write(spec::kRegError, {~0u});
    } else {
      probe(address);
    }
    ASSERT_FALSE(HasFailure()) << fmt::format("at 0x{:x}", address);
  }
  for (const Place& place : places()) read(place.address);
}

TEST_P(EveryBit, OfARegistersValueIsLookedAt) {
  for (const spec::RegisterInfo& at : spec::kRegisters) {
    if (at.access == spec::Access::kReadOnly || !models::has(config_, at.needs)) continue;
    const uint32_t quiet = quiet_value(at);
    for (int trial = 0; trial < 64; ++trial) {
      const uint32_t first = 1u << (trial % 32);
      const uint32_t second = trial < 32 ? 0 : 1u << random(32);
      const uint32_t word = quiet ^ first ^ second;
      if ((word & starting_bits(at.address)) != 0) continue;
      write(at.address, {word});
      if (at.access == spec::Access::kReadWrite) read(at.address);
      ASSERT_FALSE(HasFailure()) << at.name << fmt::format(" = 0x{:x}", word);
    }
    write(at.address, {quiet});
  }
}

TEST_P(EveryBit, OfAJobIsLookedAt) {
  constexpr size_t kFields = 7;
  enum Field { kBank, kRows, kCols, kCount, kIn, kStride, kOut };
  const uint32_t most[kFields] = {u(config_.banks) - 1, u(config_.rows),     u(config_.cols),
                                  u(config_.out_words), u(config_.in_words), u(config_.in_words),
                                  u(config_.out_words)};
  int legal = 0;
  for (int trial = 0; trial < 1200; ++trial) {
    const uint32_t rows = 1 + static_cast<uint32_t>(random(u(config_.rows)));
    const uint32_t cols = 4 + 4 * static_cast<uint32_t>(random(u(config_.cols) / 4));
    const uint32_t count = 1 + static_cast<uint32_t>(random(4));
    const uint32_t stride = static_cast<uint32_t>(random(4));
    const uint32_t in_words = (count - 1) * stride + (rows + 3) / 4;
    const uint32_t out_words = count * cols / 4;
    std::vector<uint32_t> job{static_cast<uint32_t>(random(u(config_.banks))),
                              rows,
                              cols,
                              count,
                              u(config_.in_words) - std::min(in_words, u(config_.in_words)),
                              stride,
                              u(config_.out_words) - std::min(out_words, u(config_.out_words)),
                              1};
    switch (random(4)) {
      case 0:  // as tight as can be
        break;
      case 1:  // a word too far
        job[random(2) != 0 ? kIn : kOut] += 1;
        break;
      case 2:
        job[random(kFields)] ^= 1u << random(16);
        break;
      default: {
        const size_t field = random(kFields);
        job[field] = most[field] + static_cast<uint32_t>(random(2));
      }
    }
    const Status status = write(spec::kRegJobBank, job);
    legal += status == Status::kOk ? 1 : 0;
    if (status != Status::kOk) {  // not a start: each value alone may stand there
      job.back() = 0;
      write(spec::kRegJobBank, job);
    }
    read(spec::kRegJobBank, kFields);
    ASSERT_FALSE(HasFailure()) << fmt::format("trial {}: {}", trial, fmt::join(job, " "));
  }
  EXPECT_GT(legal, 200);
  for (uint32_t at = 0; at < u(config_.out_words); at += 4) read(spec::kWindowOutputLo + 4 * at, 4);
}

TEST_P(EveryBit, OfAFieldOfAJobIsLookedAtBeyondItsLimit) {
  const std::vector<uint32_t> shortest{0, 1, 4, 1, 0, 0, 0, 1};
  const int limits[] = {config_.banks,    config_.rows,     config_.cols,     config_.out_words,
                        config_.in_words, config_.in_words, config_.out_words};
  for (size_t field = 0; field < std::size(limits); ++field) {
    for (uint32_t beyond = 0; beyond <= 2 * u(limits[field]); ++beyond) {
      std::vector<uint32_t> job = shortest;
      job[field] = u(limits[field]) + beyond;
      write(spec::kRegJobBank, job);
      ASSERT_FALSE(HasFailure()) << fmt::format("field {} is {}", field, job[field]);
    }
  }
}

TEST_P(EveryBit, OfAnErrorLeavesTheAddressOfTheFirstRefusalToIt) {
  for (const uint32_t address : {0x1fcu, 0x2fcu}) {
    std::vector<uint32_t> damaged = encode(client_.next(spec::Op::kRead, spec::kRegMagic, 1));
    client_.set_sequence(static_cast<uint16_t>(client_.sequence() - 1));
    damaged[2] ^= 1;
    expect_silence(damaged);  // an error without an address
    EXPECT_EQ(client_.read(address, 1).status, Status::kBadAddress);
    EXPECT_EQ(client_.read(address + 0x100, 1).status, Status::kBadAddress);
    EXPECT_EQ(client_.get_word(spec::kRegErrorAddr), address);
    client_.put_word(spec::kRegError, ~0u);
  }
}

TEST_P(EveryBit, OfAnAddressDecidesWhatABusyDeviceRefuses) {
  std::vector<uint32_t> addresses;
  for (const spec::RegisterInfo& at : spec::kRegisters)
    if (models::has(config_, at.needs)) addresses.push_back(at.address);
  for (const Place& place : places()) addresses.push_back(place.address);
  const auto running = [&] { return client_.get_word(spec::kRegStatus) != 0; };
  for (const uint32_t address : addresses) {
    const spec::RegisterInfo* const known = models::existing_register(address, config_);
    const spec::WindowInfo* const window = spec::find_window(address);
    const spec::Access access = known != nullptr ? known->access : window->access;
    for (const bool writes : {false, true}) {
      if (access == (writes ? spec::Access::kReadOnly : spec::Access::kWriteOnly)) continue;
      const uint32_t word = known != nullptr ? quiet_value(*known) : 0;
      Status status = Status::kOk;
      do {  // until the job outlasts the frame
        settle();
        start_long_job();
        status =
            writes ? client_.write(address, {&word, 1}).status : client_.read(address, 1).status;
      } while (!running());
      EXPECT_EQ(status, models::refused_while_busy(address) ? Status::kBusy : Status::kOk)
          << fmt::format("{} 0x{:x}", writes ? "write" : "read", address);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, EveryBit,
                         testing::ValuesIn(tested_configs({"tiny", "small"})), config_case_name);

/// Counters, over more than a few products.
class Counting : public RtlLink {};

TEST_P(Counting, ProductsSaturationsAndBusyCyclesAddUp) {
  constexpr int kJobs = 300, kPlanes = 8;
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  // The largest level and input over an ADC of one bit: every conversion saturates.
  client_.put_word(spec::kWindowLevel, ~0u);
  client_.put_word(spec::kWindowInput, ~0u);
  client_.put_word(spec::kRegAdc, 1u << spec::kAdcBitsLsb);
  client_.put_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
  const uint32_t count = u(config_.out_words);
  const std::vector<uint32_t> job{0, 1, 4, count, 0, 0, 0, 1};
  uint32_t busy = 0;
  for (uint32_t done = 1; done <= kJobs; ++done) {
    client_.put(spec::kRegJobBank, job);
    client_.wait(1'000'000);
    const std::vector<uint32_t> counters = client_.get(spec::kRegProducts, 3);
    ASSERT_EQ(counters[0], done * count);
    ASSERT_EQ(counters[1], done * count * 4 * kPlanes);
    if (done == 1) busy = counters[2];
    ASSERT_EQ(counters[2], done * busy);
  }
}

TEST_P(Counting, ProductsGoOnBeyondSixteenBits) {
  const auto out_words = static_cast<uint32_t>(config_.out_words);
  const std::vector<uint32_t> job{0, 1, 4, out_words, 0, 0, 0, 1};
  client_.put_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
  uint32_t products = 0;
  for (; products < (1u << 16) + 2 * out_words; products += out_words) {
    client_.put(spec::kRegJobBank, job);
    client_.wait(1'000'000);
  }
  EXPECT_EQ(client_.get_word(spec::kRegProducts), products);
}

TEST_P(Counting, TheCyclesReadAsOneNumberWhereverTheyAreRead) {
  // The frame shifts by a clock each time over the next carry into the upper word, or, where that
  // is not near, over any moment.
  constexpr uint64_t kNear = 4096, kFrame = 64;
  for (uint64_t delay = 0; delay < kFrame; ++delay) {
    top_->reset();
    StreamPort port(*top_);
    FrameClient client(port);
    client.sync(kSession, 0);
    const uint64_t cycle = top_->outputs().cycle;
    const uint64_t carry = (uint64_t{1} << 32) - (cycle & 0xffff'ffff);
    for (uint64_t clock = delay; carry <= kNear && clock + kFrame < carry; ++clock) port.clock();
    const uint64_t sent = top_->outputs().cycle;
    const std::vector<uint32_t> words = client.get(spec::kRegCyclesLo, 2);
    const uint64_t read = uint64_t{words[1]} << 32 | words[0];
    EXPECT_GT(read, sent) << delay;
    EXPECT_LE(read, top_->outputs().cycle) << delay;
  }
}

TEST_P(Counting, BusyCyclesAreTheClocksInWhichThePinSaysSo) {
  for (const uint32_t count : {1u, 2u, 7u}) {
    client_.put_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
    Request job = client_.next(spec::Op::kWrite, spec::kRegJobBank, 8);
    job.payload = {0, 4, 4, count, 0, 0, 0, 1};
    client_.send(encode(job));
    uint32_t busy = 0;
    for (uint64_t clock = 0; clock < kSoon && (busy == 0 || top_->outputs().busy); ++clock) {
      port_.clock();
      busy += top_->outputs().busy ? 1 : 0;
    }
    EXPECT_EQ(client_.receive(kSoon)->status, spec::Status::kOk);
    EXPECT_GT(busy, count);
    EXPECT_EQ(client_.get_word(spec::kRegBusyCycles), busy) << count << " vectors";
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, Counting,
                         testing::ValuesIn(tested_configs({"tiny", "small"})), config_case_name);

}  // namespace
}  // namespace crucible::sim
