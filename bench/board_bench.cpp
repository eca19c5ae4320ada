// The shipped LeNet in firmware on full_soc: the Verilated board beside the TLM-2.0 board, image by
// image in turn, so that both see the same machine. Times are processor times of the board's
// process; wall-clock times beside them.
#include <benchmark/benchmark.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host/base/deadline.hpp"
#include "host/board/board_runner.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/link/address.hpp"
#include "host/port/board_process.hpp"
#include "host/port/link_port.hpp"
#include "models/network/compiled_network.hpp"

namespace {

using namespace crucible;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Seconds of processor time that a process of one thread has used.
double processor_seconds(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/schedstat");
  double nanoseconds = 0;
  file >> nanoseconds;
  return 1e-9 * nanoseconds;
}

models::CompiledNetwork lenet(const models::TileGeometry& geometry) {
  models::AdcPlan plan;
  plan.step_exp = {-1, 1, 2, 1, 1};  // as `crucible eval` calibrates it
  return models::compile(experiment::load_network("models/zoo/lenet-mnist"), geometry, {}, plan);
}

/// A board with the network on it, and what it has cost so far.
class Board {
 public:
  Board(const char* model, board::Path path)
      : process_({.program = port::find_board(), .config = "full_soc", .model = model}),
        device_(std::make_unique<port::LinkPort>(link::open_transport(
            link::parse_address("unix:" + process_.socket_path()), deadline_in(30s)))),
        network_(lenet(device_.identity().geometry)) {
    device_.program_levels(network_.levels, network_.geometry.banks);
    device_.update_offsets(models::ChipOffsets(network_.geometry.cells()), network_.geometry.banks);
    device_.program_stuck(models::ChipStuck(network_.geometry.cells()), network_.geometry.banks);
    runner_ =
        std::make_unique<board::BoardRunner>(device_, board::read_firmware(board::find_firmware()));
    runner_->load(network_, path);
    device_.clear_counters();
  }

  std::vector<int64_t> run(std::span<const uint8_t> images, int count) {
    const auto start = Clock::now();
    const double before = processor_seconds(process_.pid());
    std::vector<int64_t> logits = runner_->run(images, count);
    processor_ += processor_seconds(process_.pid()) - before;
    wall_ += std::chrono::duration<double>(Clock::now() - start).count();
    return logits;
  }

  [[nodiscard]] double processor() const { return processor_; }
  [[nodiscard]] double wall() const { return wall_; }
  [[nodiscard]] const board::RunCycles& cycles() const { return runner_->cycles(); }
  [[nodiscard]] double tile_cycles() { return static_cast<double>(device_.counters().busy_cycles); }

 private:
  port::BoardProcess process_;
  driver::Accelerator device_;
  models::CompiledNetwork network_;
  std::unique_ptr<board::BoardRunner> runner_;
  double processor_ = 0, wall_ = 0;
};

/// By the layer engine, or by firmware on the core. Counters: milliseconds of processor time an
/// image on each, their ratio, cycles of core and tile on each, and by how much the TLM-2.0 board's
/// differ.
void OnBoard(benchmark::State& state, board::Path path, int images_a_turn) {
  Board rtl("rtl", path), tlm("tlm", path);
  std::mt19937 random(7);
  std::vector<uint8_t> images(size_t{784} * static_cast<size_t>(images_a_turn));
  double count = 0;
  for (auto _ : state) {
    for (uint8_t& pixel : images) pixel = static_cast<uint8_t>(random());
    if (rtl.run(images, images_a_turn) != tlm.run(images, images_a_turn)) {
      state.SkipWithError("the boards' logits differ");
      return;
    }
    count += images_a_turn;
  }
  const auto all = [](const Board& board) { return static_cast<double>(board.cycles().all); };
  const auto waiting = [](const Board& b) { return static_cast<double>(b.cycles().waiting); };
  state.counters["rtl_cpu_ms"] = 1e3 * rtl.processor() / count;
  state.counters["tlm_cpu_ms"] = 1e3 * tlm.processor() / count;
  state.counters["cpu_ratio"] = rtl.processor() / tlm.processor();
  state.counters["wall_ratio"] = rtl.wall() / tlm.wall();
  state.counters["rtl_cycles"] = all(rtl) / count;
  state.counters["tlm_cycles"] = all(tlm) / count;
  state.counters["cycles_error_%"] = 100 * (all(tlm) / all(rtl) - 1);
  state.counters["rtl_tile_cycles"] = rtl.tile_cycles() / count;
  state.counters["tlm_tile_cycles"] = tlm.tile_cycles() / count;
  state.counters["core_clocked_%"] = 100 * (1 - waiting(tlm) / all(tlm));
}

BENCHMARK_CAPTURE(OnBoard, engine, board::Path::kEngine, 50)
    ->UseRealTime()
    ->Iterations(2)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(OnBoard, firmware, board::Path::kFirmware, 3)
    ->UseRealTime()
    ->Iterations(2)
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
