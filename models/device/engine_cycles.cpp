#include "models/device/engine_cycles.hpp"

#include <algorithm>
#include <vector>

#include "models/device/job_cycles.hpp"

namespace crucible::models {
namespace {

using Word = EngineDescriptor::Word;

// rtl/engine: reading and checking a descriptor; starting a run, and checking where images and
// logits lie; an image beside its words; from the last activation of a layer to its end.
constexpr uint64_t kLoad = 54, kStart = 1, kPlaces = 3, kImage = 1, kLayerEnd = 2;
// A line in the fetch beside its bytes, and until a job sees it; a column block, a channel and a
// logit in post-processing beside their results.
constexpr uint64_t kLine = 1, kCut = 2, kBlock = 1, kChannel = 6, kLogit = 1;

/// A job of the tile, in cycles after it was taken: when it is idle, and when a job of so many rows
/// or more may be taken already.
struct TileJob {
  uint64_t busy, early, rows;
};

class LayerCycles {
 public:
  LayerCycles(const spec::HardwareConfig& config, const EngineDescriptor& layer, bool last,
              bool cell_noise)
      : config_(config), layer_(layer), last_(last), cell_noise_(cell_noise) {}

  EngineCycles run() {
    const auto in_words = static_cast<uint64_t>(config_.in_words);
    const auto out_words = static_cast<uint64_t>(config_.out_words);
    const uint64_t in_slots = slots(in_words, uint64_t{layer_.stride()} * layer_.conv_width());
    const uint64_t out_slots = slots(out_words, layer_.line_results());
    const uint64_t bytes = layer_.fan_in() * layer_.conv_width();
    const uint32_t step = layer_.step();
    ended_.assign(layer_.conv_height(), 0);
    posted_.assign(layer_.out_height(), 0);
    uint64_t fetch = 1;  // the cycle in which the next line may be begun
    for (uint32_t line = 0; line < layer_.conv_height(); ++line) {
      if (line >= in_slots) fetch = std::max(fetch, ended_[line - in_slots]);
      const uint64_t cut = fetch + bytes + kCut;
      fetch += bytes + kLine;
      const uint32_t pooled = line / step;
      const uint64_t room = pooled >= out_slots ? posted_[pooled - out_slots] : 0;
      run_line(line, std::max(cut, room));
    }
    return {std::max(ended_.back(), post_ + (last_ ? 0 : kLayerEnd)), busy_};
  }

 private:
  static uint64_t slots(uint64_t words, uint64_t piece) {
    return 4 * piece <= words ? 4 : 2 * piece <= words ? 2 : 1;
  }

  [[nodiscard]] TileJob tile_job(uint32_t rows, uint32_t outputs) const {
    const JobTiming job =
        job_timing(config_, {rows, 4 * outputs, layer_.conv_width(), cell_noise_});
    if (!job.overlaps) return {job.busy, job.busy + 1, 0};
    return {job.busy, job.slots, job.conversion - 1};
  }

  /// The jobs of a line from cycle `from` on, and what post-processing takes behind them.
  void run_line(uint32_t line, uint64_t from) {
    const uint32_t step = layer_.step();
    const bool whole = line % step == step - 1;  // the last of the lines that are pooled
    for (uint32_t c = 0; c < layer_[Word::kColumnBlocks]; ++c) {
      uint64_t ended = 0;
      for (uint32_t r = 0; r < layer_[Word::kRowBlocks]; ++r) {
        const TileJob job = tile_job(layer_.rows(r), layer_.outputs(c));
        const uint64_t free = layer_.rows(r) >= before_.rows ? before_.early : before_.busy + 1;
        const uint64_t accepted = std::max(from, tile_ + free);
        tile_ = accepted;
        before_ = job;
        ended = accepted + job.busy + 1;
        busy_ += ended - std::max(accepted + 1, busy_until_);
        busy_until_ = ended;
      }
      if (!whole || line / step >= layer_.out_height()) continue;
      const uint64_t results =
          uint64_t{layer_[Word::kRowBlocks]} * step * step * layer_.out_width();
      const uint64_t words = layer_.wide() ? 1 : 0;
      const uint64_t channel = results + kChannel + words + (last_ ? kLogit + words : 0);
      post_ = std::max(post_, ended) + kBlock + channel * layer_.outputs(c);
    }
    ended_[line] = busy_until_;
    if (whole && line / step < layer_.out_height()) posted_[line / step] = post_;
  }

  const spec::HardwareConfig& config_;
  const EngineDescriptor& layer_;
  bool last_, cell_noise_;
  std::vector<uint64_t> ended_, posted_;  ///< when the jobs of a line, the results of a pooled one
  TileJob before_{};                      ///< the job before
  uint64_t tile_ = 0;                     ///< when it was taken
  uint64_t busy_until_ = 0, busy_ = 0, post_ = 0;
};

}  // namespace

EngineCycles engine_cycles(const spec::HardwareConfig& config,
                           std::span<const EngineDescriptor> layers, uint32_t images,
                           bool cell_noise) {
  EngineCycles image{kImage + (layers.front().in_size() + 3) / 4};
  for (const EngineDescriptor& layer : layers) {
    const EngineCycles cycles =
        LayerCycles(config, layer, &layer == &layers.back(), cell_noise).run();
    image.all += kLoad + cycles.all;
    image.tile += cycles.tile;
  }
  return {kStart + kPlaces + kLoad * layers.size() + images * image.all, images * image.tile};
}

uint64_t engine_refusal_cycles(uint32_t refused) { return kStart + kLoad * (refused + 1); }

}  // namespace crucible::models
