// The layer engine of the in-process device.
#include "models/device/device_model.hpp"
#include "models/device/engine_cycles.hpp"

namespace crucible::models {

/// What the engine has of the device.
class DeviceModel::EngineBoard final : public ILayerEngineBoard {
 public:
  explicit EngineBoard(DeviceModel& device) : device_(device), settings_(device.settings()) {}

  [[nodiscard]] uint32_t memory(uint32_t word) const override {
    return device_.board_memory_[word];
  }
  void set_memory(uint32_t word, uint32_t value) override { device_.board_memory_[word] = value; }
  void set_input(uint32_t word, uint32_t value) override {
    device_.memory_.write({Window::kInput, word}, value);
  }
  [[nodiscard]] int64_t output(uint32_t word) const override {
    return device_.memory_.output(word);
  }
  void multiply(const EngineJob& job) override {
    settings_.adc = adc_settings(job.adc);
    const Job same{job.bank, job.rows, job.cols, job.count, job.in, job.stride, job.out};
    counts += device_.multiply(same, job.read, settings_);
  }

  Counts counts;

 private:
  DeviceModel& device_;
  TileSettings settings_;
};

void DeviceModel::start_engine() {
  engine_.begin();
  EngineBoard board(*this);
  LayerEngine engine(config_, board);
  EngineRun run{engine.run(engine_.request())};
  if (run.outcome.reason == EngineOutcome::kNone) {
    const EngineCycles cycles =
        engine_cycles(config_, engine.layers(), run.outcome.done, cell_noise());
    run.cycles = cycles.all;
    run.tile_cycles = cycles.tile;
  } else {
    run.cycles = engine_refusal_cycles(run.outcome.layer);
  }
  engine_run_ = run;
  occupy(run.cycles, board.counts);
}

}  // namespace crucible::models
