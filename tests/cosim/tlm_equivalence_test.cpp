// Identical transactions through the Verilated board and the TLM-2.0 board (and a mixed one): every
// word of every response is the same.
//
// Registers that count cycles are compared where both boards must agree exactly (BUSY_CYCLES).
// CYCLES, CORE_CYCLES and WAIT_CYCLES are not compared here: the Verilated board's clock runs on
// for a few cycles after every answer before it stops, and how many depends on when the host's next
// bytes arrive. What firmware measures with them is compared below, within 5 %, the limit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/cosim/board_client.hpp"
#include "tests/cosim/core/commands.hpp"
#include "tests/cosim/core/program.hpp"
#include "tests/cosim/random_frames.hpp"
#include "tests/cosim/tile_windows.hpp"

namespace crucible::sim {
namespace {

using link::Frame;
using link::Op;
using spec::Status;
using Words = std::vector<uint32_t>;

uint64_t test_seed() {
  const char* const text = std::getenv("CRUCIBLE_SEED");
  return text == nullptr ? 20261126 : std::strtoull(text, nullptr, 0);
}

const spec::HardwareConfig& config_named(const std::string& name) {
  return *std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                       [&](const spec::HardwareConfig& config) { return config.name == name; });
}

/// A configuration, and the model that stands beside its Verilated board.
struct Pair {
  std::string config, model;
};

class TwoBoards : public testing::TestWithParam<Pair> {
 protected:
  TwoBoards() {
    same(rtl_.sync(kSession, kFirst), other_.sync(kSession, kFirst));
    start_alike();
  }

  static bool counts_cycles(uint32_t address) {
    return address == spec::kRegCyclesLo || address == spec::kRegCyclesHi ||
           address == spec::kRegCoreCycles || address == spec::kRegWaitCycles;
  }

  Frame request(Op op, uint32_t address, Words payload = {}, uint16_t length = 0) {
    Frame frame;
    frame.op = static_cast<uint8_t>(op);
    frame.session = kSession;
    frame.sequence = sequence_++;
    frame.address = address;
    frame.length = payload.empty() ? length : static_cast<uint16_t>(payload.size());
    frame.payload = std::move(payload);
    return frame;
  }
  Frame numbered(Frame frame) {
    frame.session = kSession;
    frame.sequence = sequence_++;
    return frame;
  }

  /// Sends to both at once and compares the responses, in order; gives the Verilated board's.
  std::vector<Frame> exchange(const std::vector<Frame>& frames) {
    rtl_.send(frames);
    other_.send(frames);
    std::vector<Frame> answers;
    for (const Frame& frame : frames) {
      const auto rtl = rtl_.receive(), other = other_.receive();
      if (!rtl || !other) {
        ADD_FAILURE() << fmt::format("no answer to op {} at 0x{:x}: {} {}", frame.op, frame.address,
                                     rtl.has_value(), other.has_value());
        return answers;
      }
      same(*rtl, *other, &frame);
      answers.push_back(*rtl);
    }
    return answers;
  }
  Frame exchange(const Frame& frame) {
    const std::vector<Frame> answers = exchange(std::vector<Frame>{frame});
    return answers.empty() ? Frame{} : answers.front();
  }
  Frame settle() { return exchange(request(Op::kWaitIdle, kLong)); }
  Frame write(uint32_t address, Words words) {
    return exchange(request(Op::kWrite, address, std::move(words)));
  }
  Words read(uint32_t address, uint16_t length = 1) {
    return exchange(request(Op::kRead, address, {}, length)).payload;
  }

  void same(const Frame& rtl, const Frame& other, const Frame* frame = nullptr) {
    const std::string where = frame != nullptr
                                  ? fmt::format("op {} at 0x{:x}, {} words, seed {}", frame->op,
                                                frame->address, frame->length, test_seed())
                                  : "SYNC";
    EXPECT_EQ(rtl.op, other.op) << where;
    EXPECT_EQ(spec::status_name(rtl.code()), spec::status_name(other.code())) << where;
    EXPECT_EQ(rtl.status, other.status) << where;
    EXPECT_EQ(rtl.sequence, other.sequence) << where;
    EXPECT_EQ(rtl.session, other.session) << where;
    EXPECT_EQ(rtl.address, other.address) << where;
    ASSERT_EQ(rtl.payload.size(), other.payload.size()) << where;
    const bool reads = frame != nullptr && frame->op == static_cast<uint8_t>(Op::kRead);
    for (size_t i = 0; i < rtl.payload.size(); ++i) {
      const uint32_t at = reads ? frame->address + static_cast<uint32_t>(4 * i) : 0;
      if (reads && counts_cycles(at)) continue;
      EXPECT_EQ(rtl.payload[i], other.payload[i]) << where << fmt::format(", word at 0x{:x}", at);
    }
  }

  /// Reset does not clear memories: the model starts with zeros, so does the RTL after this.
  void start_alike() {
    const auto clear = [&](uint32_t base, uint32_t words) {
      const auto most = static_cast<uint32_t>(config_.max_payload);
      for (uint32_t done = 0; done < words; done += most)
        write(base + 4 * done, Words(std::min(most, words - done)));
    };
    for (const TileWindow& window : tile_windows(config_))
      if (window.writable && (!window.effects || config_.effects != 0))
        clear(window.address, window.words);
    clear(spec::kWindowMemory, static_cast<uint32_t>(config_.memory_bytes) / sizeof(uint32_t));
    // Results: one job over all of them.
    write(spec::kRegJobBank, {0, 4, 4, static_cast<uint32_t>(config_.out_words), 0, 0, 0, 1});
    settle();
    write(spec::kRegCtrl, {spec::kCtrlClearCountersMask});
  }

  static constexpr uint16_t kSession = 0x5e55, kFirst = 100;
  static constexpr uint32_t kLong = 100'000'000;  ///< cycles

  const spec::HardwareConfig& config_ = config_named(GetParam().config);
  RandomFrames frames_{config_, test_seed()};
  BoardClient rtl_{"rtl", GetParam().config}, other_{GetParam().model, GetParam().config};
  uint16_t sequence_ = kFirst + 1;
};

TEST_P(TwoBoards, AnswerRandomFramesAlike) {
  int jobs = 0;
  for (int trial = 0; trial < 1500 && !HasFailure(); ++trial) {
    const Frame frame = numbered(frames_.next());
    const Frame answer = exchange(frame);
    settle();
    if (answer.code() == Status::kOk && frame.address == spec::kRegJobBank && frame.length == 8 &&
        frame.op == static_cast<uint8_t>(Op::kWrite))
      ++jobs;
  }
  read(spec::kRegError);
  read(spec::kRegErrorAddr);
  EXPECT_GT(jobs, 50);
}

TEST_P(TwoBoards, CountTheSameBusyCyclesForEveryJob) {
  for (int trial = 0; trial < 60 && !HasFailure(); ++trial) {
    Words job = frames_.job();
    if (config_.effects != 0 && trial % 4 == 3)
      write(spec::kRegEffects, {static_cast<uint32_t>(trial % 3) << spec::kEffectsNoiseLsb});
    write(spec::kRegJobBank, std::move(job));
    settle();
    read(spec::kRegProducts, 3);  // PRODUCTS, SATURATIONS, BUSY_CYCLES
  }
}

TEST_P(TwoBoards, ABusyDeviceRefusesAlikeAndIsWaitedForAlike) {
  const auto count = static_cast<uint32_t>(config_.out_words / (config_.cols / 4));
  const Words longest{
      0, static_cast<uint32_t>(config_.rows), static_cast<uint32_t>(config_.cols), count, 0, 0, 0,
      1};
  for (int round = 0; round < 3; ++round) {
    // In one piece, so that all of it arrives while the job runs.
    exchange(std::vector<Frame>{request(Op::kWrite, spec::kRegJobBank, longest),
                                request(Op::kRead, spec::kRegStatus, {}, 1),
                                request(Op::kWrite, spec::kRegBase, {1}),
                                request(Op::kWaitIdle, 10), request(Op::kWaitIdle, kLong)});
    read(spec::kRegStatus);
    read(spec::kRegError);
    write(spec::kRegError, {~0u});
  }
}

TEST_P(TwoBoards, RefuseFramesThatAreWrongInThemselvesAlike) {
  Frame frame = request(Op::kRead, spec::kRegScratch, {}, 1);
  exchange(frame);
  exchange(frame);  // kept: answered, not carried out
  frame.session = kSession + 1;
  exchange(frame);
  frame = request(Op::kRead, spec::kRegScratch, {}, 1);
  frame.sequence = static_cast<uint16_t>(frame.sequence + 1000);
  exchange(frame);
  --sequence_;
  frame = request(Op::kRead, spec::kRegScratch, {}, 0);
  exchange(frame);  // empty
  exchange(
      request(Op::kRead, spec::kRegScratch, {}, static_cast<uint16_t>(config_.max_payload + 1)));
  frame = request(Op::kRead, spec::kRegScratch, {}, 1);
  frame.op = 0x55;
  exchange(frame);
  frame = request(Op::kRead, spec::kRegScratch, {}, 1);
  frame.status = 3;  // reserved bits of a request
  exchange(frame);
  read(spec::kRegError);
  read(spec::kRegErrorAddr);
}

TEST_P(TwoBoards, DropDamagedHeadersAndRefuseDamagedPayloadsAlike) {
  std::vector<uint8_t> header, payload, good;
  link::encode(request(Op::kRead, spec::kRegScratch, {}, 1), header);
  --sequence_;
  header[9] ^= 4;
  link::encode(request(Op::kWrite, spec::kRegScratch, {1, 2}), payload);
  --sequence_;
  payload[25] ^= 1;
  for (const std::vector<uint8_t>& bytes : {header, payload}) {
    rtl_.send_bytes(bytes);
    other_.send_bytes(bytes);
  }
  same(rtl_.receive().value(), other_.receive().value());  // PAYLOAD_CRC; the header got none
  exchange(request(Op::kRead, spec::kRegError, {}, 1));
}

INSTANTIATE_TEST_SUITE_P(Boards, TwoBoards,
                         testing::Values(Pair{"tiny", "tlm"}, Pair{"small", "tlm"},
                                         Pair{"tiny", "mixed"}),
                         [](const auto& instance) {
                           return instance.param.config + "_" + instance.param.model;
                         });

#if CRUCIBLE_CONTROLLER
INSTANTIATE_TEST_SUITE_P(Soc, TwoBoards,
                         testing::Values(Pair{"small_soc", "tlm"}, Pair{"small_soc", "mixed"}),
                         [](const auto& instance) {
                           return instance.param.config + "_" + instance.param.model;
                         });

/// The program of core/program.S on the cores of both.
class TwoCores : public TwoBoards {
 protected:
  void load() {
    const Words program(std::begin(kCoreProgram), std::end(kCoreProgram));
    const auto payload = static_cast<size_t>(config_.max_payload);
    for (size_t i = 0; i < program.size(); i += payload) {
      const auto end = std::min(program.size(), i + payload);
      write(spec::kWindowMemory + static_cast<uint32_t>(4 * i),
            Words(program.begin() + static_cast<std::ptrdiff_t>(i),
                  program.begin() + static_cast<std::ptrdiff_t>(end)));
    }
  }
  void start() {
    write(spec::kRegIrqPending, {~0u});  // of jobs before
    write(spec::kRegCoreCtrl, {1});
    await(spec::kAttentionDoneMask);
  }
  /// Each board by itself, since the wall clock decides how many looks it takes; a new session then
  /// makes their sequence numbers equal.
  void await(uint32_t attention) {
    const uint16_t first = sequence_;
    for (BoardClient* board : {&rtl_, &other_}) {
      sequence_ = first;
      uint32_t seen = 0;
      for (int looks = 0; (seen & attention) == 0; ++looks) {
        ASSERT_LT(looks, 20'000);
        board->send({request(Op::kRead, spec::kRegAttention, {}, 1)});
        seen = board->receive().value().payload.at(0);
      }
    }
    same(rtl_.sync(kSession, kFirst), other_.sync(kSession, kFirst));
    sequence_ = kFirst + 1;
    write(spec::kRegAttention, {attention});
  }
  Words run(Words command) {
    write(spec::kRegMailbox0, std::move(command));
    write(spec::kRegDoorbell, {1});
    await(spec::kAttentionDoneMask);
    settle();
    read(spec::kRegIrqPending);
    return read(spec::kRegMailbox0, 16);
  }
  uint32_t any() { return static_cast<uint32_t>(frames_.random(uint64_t{1} << 32)); }
};

TEST_P(TwoCores, CarryOutCommandsAlike) {
  load();
  start();
  for (int round = 0; round < 30 && !HasFailure(); ++round) {
    run({kEcho, any(), any(), any(), any()});
    run({kArithmetic, any(), any() | 1});
    run({kStore, spec::kWindowInput + 4 * (any() % 64), any()});
    run({kLoad, spec::kWindowInput + 4 * (any() % 64)});
    run({kLoad, any() & ~3u});  // most likely a fault
    run({kStore, spec::kRegMagic, 1});
    run({kCopy, spec::kWindowMemory, spec::kWindowMemory + 0x2000, 1 + any() % 300});
    Words job = frames_.job();
    job.pop_back();
    job.insert(job.begin(), kJob);
    run(job);
    run({kIllegal});
  }
  for (uint32_t at = 0; at < 0x3000; at += 64) read(spec::kWindowMemory + at, 16);
}

TEST_P(TwoCores, TrapAndStartAgainAlike) {
  load();
  start();
  write(spec::kRegMailbox0, {kTrap});
  write(spec::kRegDoorbell, {1});
  await(spec::kAttentionTrapMask);
  read(spec::kRegCoreCtrl, 2);
  write(spec::kRegCoreCtrl, {0});
  read(spec::kRegCoreCtrl, 2);
  start();
  run({kEcho, 1, 2, 3, 4});
}

TEST_P(TwoCores, AWatchdogEndsAHangAlike) {
  load();
  start();
  write(spec::kRegMailbox0, {kHang});
  write(spec::kRegDoorbell, {1});
  write(spec::kRegWatchdog, {20'000});
  await(spec::kAttentionWatchdogMask);
  read(spec::kRegCoreCtrl, 2);
  read(spec::kRegWatchdog);
  read(spec::kRegIrqPending);
}

INSTANTIATE_TEST_SUITE_P(Soc, TwoCores,
                         testing::Values(Pair{"small_soc", "tlm"}, Pair{"small_soc", "mixed"}),
                         [](const auto& instance) {
                           return instance.param.config + "_" + instance.param.model;
                         });
#endif

}  // namespace
}  // namespace crucible::sim
