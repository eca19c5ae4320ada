// The emulated board as a PCIe card over vfio-user, beside the same board over a Unix socket: round
// trips, and bulk data through window, rings and frames. The board is a process of its own, on a
// core of its own where there are two.
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
// With board memory; the card of the Verilated one is RTL.
constexpr Kind kSocRtl{"rtl", spec::kConfigFullSoc}, kSocTlm{"tlm", spec::kConfigFullSoc};

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

/// Times `access`, which moves so many bytes (0: none to speak of), once an iteration. The mean is
/// that of the machine as it is; the counters `min` and `median`, in seconds, and `best_MB/s` are
/// less of a measure of its other work.
template <class Access>
void time_each(benchmark::State& state, size_t bytes, Access access) {
  std::vector<double> seconds;
  for (auto _ : state) {
    const auto start = Clock::now();
    access();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  const double median = *middle, least = *std::min_element(seconds.begin(), seconds.end());
  state.counters["median"] = median;
  state.counters["min"] = least;
  if (bytes == 0) return;
  const double megabytes = 1e-6 * static_cast<double>(bytes);
  state.counters["MB/s"] = megabytes * static_cast<double>(seconds.size()) /
                           std::accumulate(seconds.begin(), seconds.end(), 0.0);
  state.counters["median_MB/s"] = megabytes / median;
  state.counters["best_MB/s"] = megabytes / least;
}

/// A register of the device in BAR0.
void RegisterRead(benchmark::State& state, const Kind& kind) {
  const auto process = board(kind, kCard);
  const auto card = link::open_card(address(*process, kCard));
  time_each(state, 0, [&] { benchmark::DoNotOptimize(card->read(spec::kRegMagic)); });
}

/// Words of the request ring written, or of the response ring read, a half of it at a time; the
/// writes end with a read, since they are posted.
void RingWindow(benchmark::State& state, bool write) {
  const auto process = board(kTinyTlm, kCard);
  const auto card = link::open_card(address(*process, kCard));
  std::vector<uint32_t> words(spec::card::kRequestRingBytes / 8);
  std::iota(words.begin(), words.end(), 0u);
  time_each(state, 4 * words.size(), [&] {
    if (write) {
      card->write_block(spec::card::kRequestRing, words);
      benchmark::DoNotOptimize(card->read(spec::card::kRegToken));
    } else {
      card->read_block(spec::card::kResponseRing, words);
    }
  });
}

std::unique_ptr<port::LinkPort> open(const port::BoardProcess& board, bool card) {
  return std::make_unique<port::LinkPort>(
      link::open_transport(address(board, card), deadline_in(10s)));
}

/// One READ frame of one word and its answer, through the device's link.
void FrameRead(benchmark::State& state, const Kind& kind, bool card) {
  const auto process = board(kind, card);
  const auto port = open(*process, card);
  time_each(state, 0, [&] { benchmark::DoNotOptimize(port->read_word(spec::kRegScratch)); });
}

constexpr size_t kBulkWords = 16384;  // 64 KiB of board memory

/// Board memory through its window in BAR2; writes end as above.
void BulkByWindow(benchmark::State& state, const Kind& kind, bool write) {
  const auto process = board(kind, kCard);
  const auto card = link::open_card(address(*process, kCard));
  std::vector<uint32_t> words(kBulkWords);
  std::iota(words.begin(), words.end(), 0u);
  time_each(state, 4 * words.size(), [&] {
    if (write) {
      card->write_block(spec::card::kBoardMemory, words);
      benchmark::DoNotOptimize(card->read(spec::card::kRegToken));
    } else {
      card->read_block(spec::card::kBoardMemory, words);
    }
  });
}

/// Board memory by frames, through a card's rings or over a Unix socket.
void BulkByFrames(benchmark::State& state, const Kind& kind, bool card, bool write) {
  const auto process = board(kind, card);
  const auto port = open(*process, card);
  std::vector<uint32_t> words(kBulkWords);
  std::iota(words.begin(), words.end(), 0u);
  time_each(state, 4 * words.size(), [&] {
    if (write)
      port->write(spec::kWindowMemory, words);
    else
      port->read(spec::kWindowMemory, words);
  });
}

BENCHMARK_CAPTURE(RegisterRead, tiny_tlm, kTinyTlm)->UseRealTime();
BENCHMARK_CAPTURE(RegisterRead, full_tlm, kFullTlm)->UseRealTime();
BENCHMARK_CAPTURE(RegisterRead, full_soc_tlm, kSocTlm)->UseRealTime();
BENCHMARK_CAPTURE(RegisterRead, full_soc_rtl, kSocRtl)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, tiny_rtl_vfio_user, kTinyRtl, kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, tiny_rtl_unix, kTinyRtl, kSocket)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_rtl_vfio_user, kFullRtl, kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_rtl_unix, kFullRtl, kSocket)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_soc_tlm_vfio_user, kSocTlm, kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_soc_tlm_unix, kSocTlm, kSocket)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_soc_rtl_vfio_user, kSocRtl, kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_soc_rtl_unix, kSocRtl, kSocket)->UseRealTime();
BENCHMARK_CAPTURE(RingWindow, write, true)->UseRealTime();
BENCHMARK_CAPTURE(RingWindow, read, false)->UseRealTime();
BENCHMARK_CAPTURE(BulkByWindow, tlm_write, kSocTlm, true)->UseRealTime();
BENCHMARK_CAPTURE(BulkByWindow, tlm_read, kSocTlm, false)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, tlm_write_vfio_user, kSocTlm, kCard, true)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, tlm_read_vfio_user, kSocTlm, kCard, false)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, tlm_write_unix, kSocTlm, kSocket, true)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, tlm_read_unix, kSocTlm, kSocket, false)->UseRealTime();
BENCHMARK_CAPTURE(BulkByWindow, rtl_write, kSocRtl, true)->UseRealTime();
BENCHMARK_CAPTURE(BulkByWindow, rtl_read, kSocRtl, false)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, rtl_write_vfio_user, kSocRtl, kCard, true)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, rtl_read_vfio_user, kSocRtl, kCard, false)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, rtl_write_unix, kSocRtl, kSocket, true)->UseRealTime();
BENCHMARK_CAPTURE(BulkByFrames, rtl_read_unix, kSocRtl, kSocket, false)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
