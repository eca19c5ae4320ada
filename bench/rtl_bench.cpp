// Speed of the Verilated RTL on one core, assertions and traces off: clock rate, and products a
// second of the whole array.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>

#include "bench/rails.hpp"
#include "sim/verilated/frame_client.hpp"

namespace {

using namespace crucible;

constexpr uint32_t kWord = sizeof(uint32_t);
constexpr uint32_t kDeadline = 100'000'000;  // cycles

/// A device with a random bank, random inputs and settings as in use: injection on, calibrated
/// 8-bit ADC.
class LoadedDevice {
 public:
  explicit LoadedDevice(const char* config_name, bench::Rails rails = bench::Rails::kFar)
      : top_(sim::make_rtl_top(config_name, 1)) {
    top_->enable_assertions(false);
    client_.sync(1, 0);
    std::mt19937 random(1);
    const spec::HardwareConfig& c = config();
    const auto fill = [&](uint32_t address, int words) {
      std::vector<uint32_t> values(static_cast<size_t>(words));
      for (uint32_t& value : values) value = random();
      client_.put(address, values);
    };
    fill(spec::kWindowLevel, c.rows * std::max(1, c.cols / 16));
    fill(spec::kWindowOffset, c.rows * c.cols / 4);
    fill(spec::kWindowInput, c.in_words);
    client_.put_word(spec::kRegInject,
                     (bench::kLsbExp << spec::kInjectLsbExpLsb) | spec::kInjectEnableMask);
    client_.put_word(spec::kRegBase, bench::base(rails));
    client_.put_word(spec::kRegAdc, (bench::kAdcShift << spec::kAdcShiftLsb) |
                                        (bench::kAdcBits << spec::kAdcBitsLsb));
    // As many vectors as the results' buffer takes; they overlap in the inputs' buffer, whose words
    // are random anyway.
    const int vectors = c.out_words / (c.cols / 4);
    const int stride = std::max(0, (c.in_words - c.rows / 4) / (vectors - 1));
    const uint32_t job[] = {0,
                            static_cast<uint32_t>(c.rows),
                            static_cast<uint32_t>(c.cols),
                            static_cast<uint32_t>(vectors),
                            0,
                            static_cast<uint32_t>(stride),
                            0};
    client_.put(spec::kRegJobBank, job);
    vectors_ = static_cast<uint32_t>(vectors);
  }

  void run_job() {
    client_.put_word(spec::kRegJobStart, spec::kJobStartStartMask);
    client_.wait(kDeadline);
  }
  [[nodiscard]] uint32_t vectors() const { return vectors_; }
  [[nodiscard]] uint64_t cycle() const { return top_->outputs().cycle; }
  [[nodiscard]] const spec::HardwareConfig& config() const { return top_->config(); }
  [[nodiscard]] sim::StreamPort& port() { return port_; }

 private:
  std::unique_ptr<sim::IRtlTop> top_;
  sim::StreamPort port_{*top_};
  sim::FrameClient client_{port_};
  uint32_t vectors_ = 0;
};

/// Jobs back to back over all rows and columns of a bank.
void products(benchmark::State& state, const char* config_name, bench::Rails rails) {
  LoadedDevice device(config_name, rails);
  const uint64_t first = device.cycle();
  uint64_t vectors = 0;
  for (auto _ : state) {
    device.run_job();
    vectors += device.vectors();
  }
  bench::report(state, static_cast<double>(device.cycle() - first), static_cast<double>(vectors));
}

/// Clocks of a device that has nothing to do.
void idle(benchmark::State& state, const char* config_name) {
  LoadedDevice device(config_name);
  for (auto _ : state) device.port().clock();
  state.counters["Hz"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// Whole frames of the largest payload into the offsets' window.
void writes(benchmark::State& state, const char* config_name) {
  LoadedDevice device(config_name);
  sim::FrameClient client(device.port());
  client.sync(2, 0);
  const std::vector<uint32_t> words(static_cast<size_t>(
      std::min(device.config().max_payload, device.config().rows * device.config().cols / 4)));
  const uint64_t first = device.cycle();
  for (auto _ : state) client.put(spec::kWindowOffset, words);
  const double bytes =
      static_cast<double>(state.iterations()) * static_cast<double>(words.size() * kWord);
  state.counters["Hz"] =
      benchmark::Counter(static_cast<double>(device.cycle() - first), benchmark::Counter::kIsRate);
  state.counters["bytes/s"] = benchmark::Counter(bytes, benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(products, full_rails_near, "full", bench::Rails::kNear)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(products, full_rails_far, "full", bench::Rails::kFar)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(products, small_rails_near, "small", bench::Rails::kNear)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(products, tiny_rails_near, "tiny", bench::Rails::kNear)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(writes, full, "full")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(idle, full, "full");
BENCHMARK_CAPTURE(idle, small, "small");
BENCHMARK_CAPTURE(idle, tiny, "tiny");

}  // namespace

BENCHMARK_MAIN();
