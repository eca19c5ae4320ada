#include "host/experiment/bracket.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/workers.hpp"
#include "host/certify/dead_zone.hpp"
#include "host/experiment/stopwatch.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& problem,
                         const certify::CertifyResult& certificate, int found) {
  throw Error(
      ErrorKind::kInternal,
      fmt::format("{}: {} (of {} images {} are certified, {} right on the chip found, {} on "
                  "the chip without deviations); the certificate or the search is wrong: "
                  "report it",
                  what, problem, certificate.images(), certificate.certified, found,
                  certificate.clean));
}

std::string key_of(const SearchConfig& config) {
  const TileConfig& tile = config.tile;
  return fmt::format("{} {:a} {:a} {} {} {} {} {}", config.bound.describe(),
                     config.bound.slice_values()[0], config.bound.slice_values()[1], tile.base,
                     tile.transparent, tile.adc_bits, tile.calibration_images,
                     realisation_word(tile.realisation));
}

/// Each of the workers certifies its share; conversions are not counted.
certify::CertifyResult certify_first(const Workbench& bench,
                                     const models::CompiledNetwork& compiled,
                                     const models::WeightBox& box, int count, bool tight,
                                     IWorkers* workers) {
  const auto all = static_cast<size_t>(count);
  const Share mine = share_of(all, workers);
  certify::CertifyResult own;
  if (mine.size() > 0) {
    const eval::LabelledImages images =
        bench.test_images(count).part(static_cast<int>(mine.first), static_cast<int>(mine.size()));
    own = certify::certify(
        bench.network(), compiled, box, images.pixels, images.labels,
        {.relax = tight, .threads = thread_count(bench.config().threads, workers)});
  }
  std::vector<uint8_t> certified(all);
  std::copy(own.image_certified.begin(), own.image_certified.end(),
            certified.begin() + static_cast<std::ptrdiff_t>(mine.first));
  gather_units(workers, std::span(certified), all);
  certify::CertifyResult result;
  result.clean = static_cast<int>(sum(workers, static_cast<uint64_t>(own.clean)));
  result.certified = static_cast<int>(sum(workers, static_cast<uint64_t>(own.certified)));
  result.image_certified.assign(certified.begin(), certified.end());
  return result;
}

/// The certificate is of the first test images.
AccuracyBracket full_bracket(const Workbench& bench, const models::CompiledNetwork& compiled,
                             const models::WeightBox& box,
                             const certify::CertifyResult& certificate, bool tight,
                             std::span<const uint8_t> predicted, const std::string& what) {
  AccuracyBracket bracket =
      make_bracket(certificate, predicted, bench.test_images(certificate.images()).labels, what);
  bracket.tight = tight;
  bracket.trivial = certify::is_trivial(compiled, box);
  return bracket;
}

}  // namespace

AccuracyBracket make_bracket(const certify::CertifyResult& certificate, int found,
                             const std::string& what) {
  if (certificate.certified > found)
    refuse(what, "more images are certified than the chip found has right", certificate, found);
  if (certificate.certified > certificate.clean)
    refuse(what, "more images are certified than are right without deviations", certificate, found);
  // The chip without deviations is in the box, too.
  return {.images = certificate.images(),
          .certified = certificate.certified,
          .found = std::min(found, certificate.clean),
          .clean = certificate.clean};
}

AccuracyBracket make_bracket(const certify::CertifyResult& certificate,
                             std::span<const uint8_t> predicted, std::span<const uint8_t> labels,
                             const std::string& what) {
  int found = 0, wrong = -1;
  for (int i = 0; i < certificate.images(); ++i) {
    const auto at = static_cast<size_t>(i);
    const bool right = predicted[at] == labels[at];
    found += right ? 1 : 0;
    if (!right && certificate.image_certified[at] && wrong < 0) wrong = i;
  }
  if (wrong >= 0)
    refuse(what, fmt::format("image {} is certified, but wrong on the chip found", wrong),
           certificate, found);
  return make_bracket(certificate, found, what);
}

AccuracyBracket certify_bracket(const Workbench& bench, const models::CompiledNetwork& compiled,
                                const models::WeightBox& box, const BracketConfig& config,
                                std::span<const uint8_t> predicted, const std::string& what) {
  return full_bracket(
      bench, compiled, box,
      certify_first(bench, compiled, box, config.images.value(), config.tight, bench.workers()),
      config.tight, predicted, what);
}

std::string bracket_text(const AccuracyBracket& bracket) {
  const auto percent = [&](int count) {
    return fmt::format("{:.2f} %", bracket.images > 0 ? 100.0 * count / bracket.images : 0.0);
  };
  std::string text =
      fmt::format("certified {} <= worst <= found {} <= clean {}", percent(bracket.certified),
                  percent(bracket.found), percent(bracket.clean));
  if (bracket.trivial)
    text += "; trivial: the box is inside the ADC's dead zone, no chip of it differs in any code";
  return text;
}

nlohmann::ordered_json bracket_json(const AccuracyBracket& bracket) {
  return {{"images", bracket.images}, {"certified", bracket.certified},
          {"found", bracket.found},   {"clean", bracket.clean},
          {"tight", bracket.tight},   {"trivial", bracket.trivial}};
}

AccuracyBracket bracket_from(const nlohmann::ordered_json& json) {
  return {.images = json.at("images").get<int>(),
          .certified = json.at("certified").get<int>(),
          .found = json.at("found").get<int>(),
          .clean = json.at("clean").get<int>(),
          .tight = json.at("tight").get<bool>(),
          .trivial = json.at("trivial").get<bool>()};
}

Brackets::Brackets(Workbench& bench) : bench_(bench) {
  const std::optional<int> images = bench.config().bracket.images;
  const int model = bench.config().images.model;
  if (!images || *images <= model) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("bracket: {} images asked for, but rows are evaluated on {} (images: "
                          "model); ask for at most as many",
                          *images, model));
}

void Brackets::add(RowOutcome& row) {
  const ExperimentConfig& config = bench_.config();
  if (row.is_clean() || !is_first(bench_.workers())) return;
  const int count = config.bracket.images.value_or(std::min(kBracketImages, row.model.images()));
  if (count == 0) return;
  const Stopwatch watch;
  const models::WeightBox box = models::make_box(bench_.network(), row.config.bound,
                                                 row.config.tile.realisation, row.config.tile.base);
  const auto [known, fresh] = certificates_.try_emplace(key_of(row.config));
  if (fresh)
    known->second = certify_first(bench_, row.compiled, box, count, config.bracket.tight, nullptr);
  row.bracket = full_bracket(bench_, row.compiled, box, known->second, config.bracket.tight,
                             row.model.predicted, "row " + row.config.name);
  row.bracket_s = watch.seconds();
}

}  // namespace crucible::experiment
