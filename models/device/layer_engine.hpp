// The layer engine: whole images over the tile, layer by layer, as descriptors in board memory say.
// Bit-exact with the RTL (rtl/engine) and with run_pipeline; what it does at a time the RTL does in
// an order of its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/device/engine_layer.hpp"

namespace crucible::models {

/// A job of the engine: the job registers, JOB_READ, and what stands in for the register ADC.
struct EngineJob {
  uint32_t bank, rows, cols, count, in, stride, out, read, adc;
};

/// What the engine works on. Addresses are words, in range.
class ILayerEngineBoard {
 public:
  virtual ~ILayerEngineBoard() = default;
  [[nodiscard]] virtual uint32_t memory(uint32_t word) const = 0;
  virtual void set_memory(uint32_t word, uint32_t value) = 0;
  virtual void set_input(uint32_t word, uint32_t value) = 0;
  [[nodiscard]] virtual int64_t output(uint32_t word) const = 0;
  virtual void multiply(const EngineJob& job) = 0;
};

/// The registers ENGINE_NETWORK to ENGINE_LOGITS.
struct EngineRequest {
  uint32_t network = 0, layers = 1, images = 0, count = 1, first = 0, logits = 0;
};

/// How a run ended: the fields of ENGINE_STATUS, ENGINE_VALUE and ENGINE_DONE.
struct EngineOutcome {
  enum Reason : uint32_t { kNone, kBadRegister, kBadDescriptor, kStopped, kNoProducts };
  Reason reason = kNone;
  uint32_t layer = 0, word = 0, value = 0, done = 0;
};

class LayerEngine {
 public:
  LayerEngine(const spec::HardwareConfig& config, ILayerEngineBoard& board)
      : config_(config), board_(board) {}

  /// Runs all images, or none where something is refused.
  EngineOutcome run(const EngineRequest& request);
  /// Of the last run, as far as they were read.
  [[nodiscard]] std::span<const EngineDescriptor> layers() const { return layers_; }

 private:
  [[nodiscard]] EngineOutcome load(const EngineRequest& request);
  void load_image(uint32_t address);
  void run_layer(const EngineDescriptor& layer, uint32_t image);
  void run_line(const EngineDescriptor& layer, uint32_t line, uint32_t read);
  void cut_line(const EngineDescriptor& layer, uint32_t line, uint32_t to) const;
  void post_process(const EngineDescriptor& layer, uint32_t line);
  [[nodiscard]] int64_t pooled_sum(const EngineDescriptor& layer, uint32_t at, uint32_t outputs,
                                   uint32_t column) const;
  /// Signed, in 64 bits.
  [[nodiscard]] uint64_t bias(const EngineDescriptor& layer, uint32_t channel) const;
  void put_logit(const EngineDescriptor& layer, int64_t logit);
  /// The place of the `index`-th of the pieces that follow each other in a ring of `words` words.
  static uint32_t ring_place(uint32_t words, uint64_t piece, uint32_t index);

  const spec::HardwareConfig& config_;
  ILayerEngineBoard& board_;
  std::vector<EngineDescriptor> layers_;
  std::vector<uint8_t> in_, out_;  ///< the two activation memories
  uint32_t logit_at_ = 0;
};

}  // namespace crucible::models
