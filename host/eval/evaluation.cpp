#include "host/eval/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/parallel.hpp"
#include "host/base/workers.hpp"
#include "models/error.hpp"

namespace crucible::eval {
namespace {

/// Images of one shard: small enough to share the work evenly, large enough for the kernels.
constexpr size_t kShard = 50;

void check_images(const models::CompiledNetwork& network, const LabelledImages& images) {
  if (images.count() == 0) {
    throw Error(ErrorKind::kUsage, "evaluation: no images; ask for at least one");
  }
  if (images.pixels.size() !=
      static_cast<size_t>(images.count()) * static_cast<size_t>(network.input_size())) {
    throw Error(
        ErrorKind::kData,
        fmt::format("evaluation: network {} takes {} inputs an image, but {} images have {} pixels "
                    "in all; use a data set of the network's size",
                    network.name, network.input_size(), images.count(), images.pixels.size()));
  }
}

Evaluation empty_evaluation(const models::CompiledNetwork& network, int images) {
  Evaluation evaluation;
  evaluation.classes = network.classes();
  evaluation.logits.resize(static_cast<size_t>(images) * static_cast<size_t>(network.classes()));
  return evaluation;
}

void finish(Evaluation& evaluation, const LabelledImages& images, int done) {
  const auto classes = static_cast<size_t>(evaluation.classes);
  evaluation.logits.resize(static_cast<size_t>(done) * classes);
  for (size_t i = 0; i < static_cast<size_t>(done); ++i) {
    const int predicted =
        models::predicted_class(std::span(evaluation.logits).subspan(i * classes, classes));
    evaluation.predicted.push_back(static_cast<uint8_t>(predicted));
    evaluation.correct += predicted == images.labels[i] ? 1 : 0;
  }
}

}  // namespace

LabelledImages LabelledImages::part(int begin, int images) const {
  const int from = std::clamp(begin, 0, count());
  const auto n = static_cast<size_t>(std::clamp(images, 0, count() - from));
  const auto offset = static_cast<size_t>(from);
  return {pixels.subspan(offset * image_size(), n * image_size()), labels.subspan(offset, n)};
}

LabelledImages LabelledImages::first(int images) const { return part(0, images); }

double Evaluation::accuracy() const {
  return predicted.empty() ? 0.0 : static_cast<double>(correct) / images();
}

Evaluation evaluate_model(const models::CompiledNetwork& network,
                          const models::ChipOffsets& offsets, LabelledImages images, int threads,
                          IWorkers* workers, const models::ChipStuck& stuck) {
  check_images(network, images);
  Evaluation evaluation = empty_evaluation(network, images.count());
  const auto classes = static_cast<size_t>(network.classes());
  const models::TwinEngine chip(network, offsets, models::best_kernel(), stuck);
  std::vector<models::TwinEngine> engines(static_cast<size_t>(thread_count(threads, workers)),
                                          chip);
  const auto total = static_cast<size_t>(images.count());
  const Share mine = share_of(total, workers);
  parallel_shards((mine.size() + kShard - 1) / kShard, static_cast<int>(engines.size()),
                  [&](size_t shard, int thread) {
                    const size_t begin = mine.first + shard * kShard;
                    const size_t count = std::min<size_t>(kShard, mine.last - begin);
                    const LabelledImages part =
                        images.part(static_cast<int>(begin), static_cast<int>(count));
                    models::run_pipeline(
                        network, engines[static_cast<size_t>(thread)], part.pixels, part.count(),
                        std::span(evaluation.logits).subspan(begin * classes, count * classes), {},
                        static_cast<int>(begin));
                  });
  gather_units(workers, std::span(evaluation.logits), total);
  models::TileCounters& counters = evaluation.counters;
  for (const models::TwinEngine& engine : engines) counters += engine.counters();
  for (uint64_t* count :
       {&counters.products, &counters.saturations, &counters.clamps, &counters.reads})
    *count = sum(workers, *count);
  finish(evaluation, images, images.count());
  return evaluation;
}

Evaluation evaluate_engine(const models::CompiledNetwork& network, models::IMvmEngine& engine,
                           LabelledImages images, int chunk, const Progress& progress) {
  check_images(network, images);
  Evaluation evaluation = empty_evaluation(network, images.count());
  const auto classes = static_cast<size_t>(network.classes());
  const int step = chunk > 0 ? chunk : images.count();
  int done = 0;
  while (done < images.count()) {
    const LabelledImages part = images.part(done, step);
    models::run_pipeline(network, engine, part.pixels, part.count(),
                         std::span(evaluation.logits)
                             .subspan(static_cast<size_t>(done) * classes,
                                      static_cast<size_t>(part.count()) * classes),
                         {}, done);
    done += part.count();
    if (progress && !progress(done)) break;
  }
  finish(evaluation, images, done);
  return evaluation;
}

Evaluation evaluation_of(const models::CompiledNetwork& network, LabelledImages images,
                         std::vector<int64_t> logits) {
  check_images(network, images);
  Evaluation evaluation = empty_evaluation(network, 0);
  evaluation.logits = std::move(logits);
  finish(evaluation, images, images.count());
  return evaluation;
}

void require_equal_logits(const Evaluation& a, const std::string& name_a, const Evaluation& b,
                          const std::string& name_b) {
  if (a.classes != b.classes || a.images() > b.images()) {
    throw Error(ErrorKind::kMismatch,
                fmt::format("logits: {} has {} images of {} classes, {} has {} of {}", name_a,
                            a.images(), a.classes, name_b, b.images(), b.classes));
  }
  size_t differing = 0;
  size_t first = 0;
  for (size_t i = a.logits.size(); i-- > 0;) {
    if (a.logits[i] == b.logits[i]) continue;
    ++differing;
    first = i;
  }
  if (differing == 0) return;
  const auto classes = static_cast<size_t>(a.classes);
  throw Error(
      ErrorKind::kMismatch,
      fmt::format("logits of {} and {} differ first at image {}, class {}: {} and {} ({} of {} "
                  "logits differ); the two must agree on every bit",
                  name_a, name_b, first / classes, first % classes, a.logits[first],
                  b.logits[first], differing, a.logits.size()));
}

}  // namespace crucible::eval
