// The emulated board as a PCIe card over vfio-user, beside the same board over a Unix socket: round
// trips, and bulk data through the rings. The board is a process of its own, on a core of its own
// where there are two.
#include <benchmark/benchmark.h>

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

std::unique_ptr<port::BoardProcess> board(const char* config, bool card) {
  port::BoardProcess::Options options;
  options.program = port::find_board();
  options.config = config;
  options.card = card;
  return std::make_unique<port::BoardProcess>(options);
}

link::Address address(const port::BoardProcess& board, bool card) {
  return link::parse_address((card ? "vfio-user:" : "unix:") + board.socket_path());
}

void RegisterRead(benchmark::State& state) {
  const auto process = board("tiny", kCard);
  const auto card = link::open_card(address(*process, kCard));
  for (auto _ : state) benchmark::DoNotOptimize(card->read(spec::card::kRegToken));
}

/// Words of the request ring written, or of the response ring read, a half of it at a time; the
/// writes end with a read, since they are posted.
void Block(benchmark::State& state, bool write) {
  const auto process = board("tiny", kCard);
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

/// One READ frame of one word and its answer, through link and registers of the Verilated device.
void FrameRead(benchmark::State& state, const char* config, bool card) {
  const auto process = board(config, card);
  const auto port = open(*process, card);
  for (auto _ : state) benchmark::DoNotOptimize(port->read_word(spec::kRegScratch));
}

/// Frames of the largest payload into and out of the input window.
void Burst(benchmark::State& state, const spec::HardwareConfig& config, bool card, bool write) {
  const auto process = board(std::string(config.name).c_str(), card);
  const auto port = open(*process, card);
  std::vector<uint32_t> words(static_cast<size_t>(config.in_words));
  std::iota(words.begin(), words.end(), 0u);
  for (auto _ : state) {
    if (write)
      port->write(spec::kWindowInput, words);
    else
      port->read(spec::kWindowInput, words);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * words.size() * 4));
}

BENCHMARK(RegisterRead)->UseRealTime();
BENCHMARK_CAPTURE(Block, write, true)->UseRealTime();
BENCHMARK_CAPTURE(Block, read, false)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, tiny_vfio_user, "tiny", kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, tiny_unix, "tiny", kSocket)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_vfio_user, "full", kCard)->UseRealTime();
BENCHMARK_CAPTURE(FrameRead, full_unix, "full", kSocket)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_write_vfio_user, spec::kConfigFull, kCard, true)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_write_unix, spec::kConfigFull, kSocket, true)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_read_vfio_user, spec::kConfigFull, kCard, false)->UseRealTime();
BENCHMARK_CAPTURE(Burst, full_read_unix, spec::kConfigFull, kSocket, false)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
