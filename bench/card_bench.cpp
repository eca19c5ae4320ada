// The emulated board as a PCIe card over vfio-user, beside the same board over a Unix socket: round
// trips, and bulk data through the rings. The board is a process of its own, on a core of its own
// where there are two.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

#include "host/base/deadline.hpp"
#include "host/link/address.hpp"
#include "host/link/pcie/open_card.hpp"
#include "host/port/board_process.hpp"
#include "host/port/link_port.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace {

using namespace crucible;
using namespace std::chrono_literals;

constexpr bool kCard = true, kSocket = false;

/// A board of a configuration, Verilated ("rtl") or the TLM-2.0 model ("tlm").
struct Kind {
  const char* model;
  const spec::HardwareConfig& config;
};
constexpr Kind kTinyRtl{"rtl", spec::kConfigTiny}, kTinyTlm{"tlm", spec::kConfigTiny};
constexpr Kind kFullRtl{"rtl", spec::kConfigFull}, kFullTlm{"tlm", spec::kConfigFull};

std::unique_ptr<port::BoardProcess> board(const Kind& kind, bool card) {
  port::BoardProcess::Options options;
  options.program = port::find_board();
  options.config = kind.config.name;
  options.model = kind.model;
  options.card = card;
  return std::make_unique<port::BoardProcess>(options);
}

link::Address address(const port::BoardProcess& board, bool card) {
  return link::parse_address((card ? "vfio-user:" : "unix:") + board.socket_path());
}

/// Times `access` once an iteration. The mean is that of the machine as it is; the counters `min`
/// and `median`, in seconds, are less of a measure of its other work.
template <class Access>
void time_each(benchmark::State& state, Access access) {
  std::vector<double> seconds;
  for (auto _ : state) {
    const auto start = Clock::now();
    access();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  state.counters["median"] = *middle;
  state.counters["min"] = *std::min_element(seconds.begin(), seconds.end());
}

/// A register of the device in BAR0.
void RegisterRead(benchmark::State& state, const Kind& kind) {
  const auto process = board(kind, kCard);
  const auto card = link::open_card(address(*process, kCard));
  time_each(state, [&] { benchmark::DoNotOptimize(card->read(spec::kRegMagic)); });
}

/// Words of the request ring written, or of the response ring read, a half of it at a time; the
/// writes end with a read, since they are posted.
void Block(benchmark::State& state, bool write) {
  const auto process = board(kTinyRtl, kCard);
  const auto card = link::open_card(address(*process, kCard));
  std::vector<uint32_t> words(spec::card::kRequestRingBytes / 8);
  std::iota(words.begin(), words.end(), 0u);
  for (auto _ : state) {
    if (write) {
      card->write_block(spec::card::kRequestRing, words);
      benchmark::DoNotOptimize(card->read(spec::card::kRegToken));
    } else {
      card->read_block(spec::card::kResponseRing, words);
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * words.size() * 4));
}

std::unique_ptr<port::LinkPort> open(const port::BoardProcess& board, bool card) {
  return std::make_unique<port::LinkPort>(
      link::open_transport(address(board, card), deadline_in(10s)));
}

/// One READ frame of one word and its answer, through the device's link.
void FrameRead(benchmark::State& state, const Kind& kind, bool card) {
  const auto process = board(kind, card);
  const auto port = open(*process, card);
  time_each(state, [&] { benchmark::DoNotOptimize(port->read_word(spec::kRegScratch)); });
}

/// Frames of the largest payload into and out of the input window.
void Burst(benchmark::State& state, const Kind& kind, bool card, bool write) {
  const auto process = board(kind, card);
  const auto port = open(*process, card);
  std::vector<uint32_t> words(static_cast<size_t>(kind.config.in_words));
  std::iota(words.begin(), words.end(), 0u);
  for (auto _ : state) {
    if (write)
      port->write(spec::kWindowInput, words);
    else
      port->read(spec::kWindowInput, words);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * words.size() * 4));
}

BENCHMARK_CAPTURE(RegisterRead, tiny_rtl, kTinyRtl)->UseRealTime();
BENCHMARK_CAPTURE(RegisterRead, tiny_tlm, kTinyTlm)->UseRealTime();
BENCHMARK_CAPTURE(RegisterRead, full_tlm, kFullTlm)->UseRealTime();
BENCHMARK_CAPTURE(Block, write, true)->UseRealTime();
BENCHMARK_CAPTURE(Block, read, false)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, tiny_rtl_vfio_user, kTinyRtl, kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, tiny_rtl_unix, kTinyRtl, kSocket)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_rtl_vfio_user, kFullRtl, kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_rtl_unix, kFullRtl, kSocket)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_tlm_vfio_user, kFullTlm, kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_tlm_unix, kFullTlm, kSocket)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_rtl_write_vfio_user, kFullRtl, kCard, true)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_rtl_write_unix, kFullRtl, kSocket, true)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_rtl_read_vfio_user, kFullRtl, kCard, false)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_rtl_read_unix, kFullRtl, kSocket, false)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
