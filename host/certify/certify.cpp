// See certify.hpp.
#include "host/certify/certify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/base/parallel.hpp"
#include "host/certify/interval_pass.hpp"
#include "host/certify/relaxation.hpp"
#include "models/error.hpp"
#include "models/network/twin_engine.hpp"

namespace crucible::certify {
namespace {

constexpr size_t kShard = 16;  ///< images

double share(int part, int whole) { return whole > 0 ? static_cast<double>(part) / whole : 0.0; }

/// What one thread owns.
struct Worker {
  models::TwinEngine engine;  ///< the chip without deviations
  IntervalPass pass, ideal_pass;
  Relaxation relaxation;
  ConversionCount first_layer;

  /// Intervals first; where they do not suffice, the relaxation.
  bool certifies_image(std::span<const uint8_t> image, int label, bool relax) {
    pass.run(image, pass.network().product(0).box().varies ? &first_layer : nullptr);
    std::vector<int64_t> margins = pass.margins(label);
    if (certifies(margins, label)) return true;
    if (!relax) return false;
    ideal_pass.run(image);
    relaxation.tighten(pass, ideal_pass, label, margins);
    if (certifies(margins, label)) return true;
    relaxation.narrow(pass, ideal_pass);
    relaxation.tighten(pass, ideal_pass, label, margins);
    return certifies(margins, label);
  }
};

void check_images(const models::CompiledNetwork& network, std::span<const uint8_t> pixels,
                  std::span<const uint8_t> labels) {
  if (pixels.size() != labels.size() * static_cast<size_t>(network.input_size())) {
    throw Error(ErrorKind::kUsage,
                fmt::format("certify: {} bytes of images for {} labels; network '{}' takes images "
                            "of {} bytes",
                            pixels.size(), labels.size(), network.name, network.input_size()));
  }
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < network.classes()) continue;
    throw Error(ErrorKind::kUsage, fmt::format("certify: image {} has label {}; network '{}' has "
                                               "{} classes",
                                               i, labels[i], network.name, network.classes()));
  }
}

}  // namespace

double CertifyResult::clean_accuracy() const { return share(clean, images()); }
double CertifyResult::certified_accuracy() const { return share(certified, images()); }

CertifyResult certify(const models::QuantisedNetwork& network,
                      const models::CompiledNetwork& compiled, const models::WeightBox& box,
                      std::span<const uint8_t> pixels, std::span<const uint8_t> labels,
                      const CertifySettings& settings) {
  const BoxedNetwork boxed(network, compiled, box, settings.layers);
  check_images(compiled, pixels, labels);
  const BoxedNetwork ideal(network, compiled, box, LayerMask(compiled.layers.size(), false));
  const models::TwinEngine engine(compiled, models::ChipOffsets(compiled.geometry.cells(), 0));
  const int threads = thread_count(settings.threads);
  std::vector<std::optional<Worker>> workers(threads);
  std::vector<uint8_t> right(labels.size()), sure(labels.size());
  const size_t size = compiled.input_size();
  const bool relax =
      settings.relax && boxed.product(0).transparent() && Relaxation::is_exact(boxed);
  parallel_shards((labels.size() + kShard - 1) / kShard, threads, [&](size_t shard, int index) {
    std::optional<Worker>& worker = workers[index];
    if (!worker) {
      worker.emplace(
          Worker{engine, IntervalPass(boxed), IntervalPass(ideal), Relaxation(boxed), {}});
    }
    const size_t first = shard * kShard;
    const size_t count = std::min(kShard, labels.size() - first);
    const size_t classes = compiled.classes();
    std::vector<int64_t> logits(count * classes);
    models::run_pipeline(compiled, worker->engine, pixels.subspan(first * size, count * size),
                         static_cast<int>(count), logits);
    for (size_t k = 0; k < count; ++k) {
      const int label = labels[first + k];
      const auto own = std::span<const int64_t>(logits).subspan(k * classes, classes);
      if (models::predicted_class(own) != label) continue;  // it is in the box: not certified
      right[first + k] = 1;
      const auto image = pixels.subspan((first + k) * size, size);
      sure[first + k] = worker->certifies_image(image, label, relax) ? 1 : 0;
    }
  });
  CertifyResult result;
  for (const std::optional<Worker>& worker : workers) {
    if (worker) result.first_layer += worker->first_layer;
  }
  result.image_certified.assign(sure.begin(), sure.end());
  result.clean = static_cast<int>(std::count(right.begin(), right.end(), 1));
  result.certified = static_cast<int>(std::count(sure.begin(), sure.end(), 1));
  return result;
}

}  // namespace crucible::certify
