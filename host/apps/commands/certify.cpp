// `crucible certify`: a sound lower bound on the accuracy of every chip in a box.
#include "host/certify/certify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/apps/bound_options.hpp"
#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/certify/dead_zone.hpp"
#include "host/experiment/nearest.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

struct CertifyOptions {
  double bound = 1e-4;
  BoundOptions convention;
  std::string layers;
  int images = 0;
  std::optional<double> largest;
};

/// The box of one bound and its certificates.
class Certifier {
 public:
  Certifier(const CertifyOptions& options, experiment::Workbench& bench)
      : options_(options),
        bench_(bench),
        images_(
            bench.test_images(options.images > 0 ? options.images : bench.config().images.model)) {}

  [[nodiscard]] models::WeightBox box(double bound) const {
    const experiment::TileConfig& tile = bench_.config().tile;
    return models::make_box(bench_.network(), options_.convention.bound(bound), tile.realisation,
                            tile.base);
  }
  [[nodiscard]] models::CompiledNetwork compile(const models::WeightBox& box) const {
    return bench_.compile(bench_.config().tile, box.grid.lsb_exp, true);
  }
  [[nodiscard]] certify::CertifyResult run(const models::WeightBox& box,
                                           const certify::LayerMask& mask) const {
    return certify::certify(bench_.network(), compile(box), box, images_.pixels, images_.labels,
                            {.layers = mask, .threads = bench_.config().threads});
  }
  [[nodiscard]] experiment::Workbench& bench() const { return bench_; }
  [[nodiscard]] int images() const { return images_.count(); }

 private:
  const CertifyOptions& options_;
  experiment::Workbench& bench_;
  eval::LabelledImages images_;
};

/// "conv1,fc3" as a mask over the network's layers; empty: all.
certify::LayerMask layer_mask(const std::string& names, const models::QuantisedNetwork& network) {
  if (names.empty()) return {};
  certify::LayerMask mask(network.layers.size());
  std::vector<std::string> known;
  for (const models::QuantisedLayer& layer : network.layers) known.push_back(layer.shape.name);
  for (size_t at = 0; at <= names.size();) {
    const size_t comma = std::min(names.find(',', at), names.size());
    const std::string name = names.substr(at, comma - at);
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("certify: --layers names '{}'{} Layers: {}", name,
                              experiment::did_you_mean(name, known), fmt::join(known, ", ")));
    }
    mask[static_cast<size_t>(found - known.begin())] = true;
    at = comma + 1;
  }
  return mask;
}

Json result_json(const std::string& layers, const certify::CertifyResult& result, double seconds) {
  Json json = {{"layers", layers},
               {"certified", result.certified},
               {"certified_accuracy", result.certified_accuracy()},
               {"seconds", seconds}};
  if (result.first_layer.conversions > 0) {
    json["first_layer_conversions"] = result.first_layer.conversions;
    json["first_layer_fixed"] = result.first_layer.fixed;
  }
  return json;
}

/// Where the ADC alone decides.
void add_dead_zone(const Certifier& certifier, const models::WeightBox& box, Json& json,
                   std::string& text) {
  const models::CompiledNetwork compiled = certifier.compile(box);
  if (compiled.layers.front().adc.transparent) return;
  const models::QuantisedNetwork& network = certifier.bench().network();
  Json layers = Json::array();
  text += "  dead zone of the ADC: below this bound no code changes but those on a tie\n";
  for (size_t l = 0; l < compiled.layers.size(); ++l) {
    const certify::DeadZone zone = certify::dead_zone(compiled, l);
    const double bound = box.bound.value() * zone.levels / box.bound.levels(network.w_max(l));
    layers.push_back({{"layer", compiled.layers[l].shape.name},
                      {"bound", bound},
                      {"levels", zone.levels},
                      {"ties", zone.ties}});
    text += fmt::format("    {:<12} {:.2g}, ties {}\n", compiled.layers[l].shape.name, bound,
                        zone.ties ? "possible" : "impossible");
  }
  json["dead_zone"] = std::move(layers);
  json["trivial"] = certify::is_trivial(compiled, box);
  if (certify::is_trivial(compiled, box)) {
    text +=
        "    the box is inside: no chip differs from the ideal one, the certificates are "
        "trivial\n";
  }
}

/// Largest bound, to 2 %, with more than `share` of the images certified: bisection of its
/// logarithm between bounds that the grid has.
Json largest_bound(const Certifier& certifier, const certify::LayerMask& mask, double share,
                   experiment::IReporter& reporter, std::string& text) {
  constexpr double kRatio = 1.02, kFirst = 1e-4, kStep = 4.0;
  const auto enough = [&](double bound) -> std::optional<double> {
    std::optional<models::WeightBox> box;
    try {
      box = certifier.box(bound);
    } catch (const Error&) {
      return std::nullopt;  // not on the grid
    }
    const double certified = certifier.run(*box, mask).certified_accuracy();
    reporter.line(fmt::format("certify: {:.3g}: {:.2f} %", bound, 100 * certified));
    return certified;
  };
  // Outwards from a first guess to a bracket [good, bad].
  double good = 0, bad = 0, reached = 0;
  for (double bound = kFirst; good == 0 || bad == 0;) {
    const std::optional<double> certified = enough(bound);
    if (reporter.interrupted()) return {};
    const bool yes = certified && *certified > share;
    if (yes) {
      good = bound;
      reached = *certified;
      if (bad == 0) bound *= kStep;
    } else {
      bad = bound;
      if (good == 0 && !certified) break;  // below the grid
      if (good == 0) bound /= kStep;
    }
  }
  Json json = {{"share", share}};
  if (good == 0) {
    text += fmt::format("  no bound that the grid has is certified above {:.0f} %\n", 100 * share);
    json["bound"] = nullptr;
    return json;
  }
  while (bad / good > kRatio && !reporter.interrupted()) {
    const double middle = std::sqrt(good * bad);
    const std::optional<double> certified = enough(middle);
    if (certified && *certified > share) {
      good = middle;
      reached = *certified;
    } else {
      bad = middle;
    }
  }
  text += fmt::format("  largest bound certified above {:.0f} %: {:.3g} ({:.2f} %)\n", 100 * share,
                      good, 100 * reached);
  json["bound"] = good;
  json["certified_accuracy"] = reached;
  return json;
}

void run_certify(Program& program, const CertifyOptions& options) {
  options.convention.check("certify");
  experiment::ExperimentConfig config = program.options().resolve();
  options.convention.apply_to(config.tile);
  experiment::Workbench bench(config);
  const certify::LayerMask chosen = layer_mask(options.layers, bench.network());
  const Certifier certifier(options, bench);
  const models::WeightBox box = certifier.box(options.bound);
  const size_t layers = bench.network().layers.size();

  Json rows = Json::array();
  std::string table, header;
  const auto certify_row = [&](const std::string& name, const certify::LayerMask& mask) {
    if (program.reporter().interrupted()) return;
    program.reporter().progress("certify", static_cast<double>(rows.size()) / (layers + 1), name);
    const experiment::Stopwatch watch;
    const certify::CertifyResult result = certifier.run(box, mask);
    rows.push_back(result_json(name, result, watch.seconds()));
    header = fmt::format(
        "{} on {}, {} images, clean {:.2f} %\n  {}{}, base {}, {} ADC, {} steps of 2^-{} level\n",
        bench.network().name, bench.dataset().name, result.images(), 100 * result.clean_accuracy(),
        box.bound.describe(),
        options.convention.idle.empty() ? ", " + experiment::realisation_word(box.realisation)
                                        : std::string(),
        box.base,
        config.tile.transparent ? "transparent" : fmt::format("{}-bit", config.tile.adc_bits),
        *std::max_element(box.grid.steps.begin(), box.grid.steps.end()), box.grid.lsb_exp);
    table += fmt::format("  {:<24} {:6.2f} %  {:6.1f} s", name, 100 * result.certified_accuracy(),
                         watch.seconds());
    if (result.first_layer.conversions > 0) {
      table += fmt::format("  {:.2f} % of the first layer's codes cannot change",
                           100.0 * static_cast<double>(result.first_layer.fixed) /
                               static_cast<double>(result.first_layer.conversions));
    }
    table += "\n";
  };
  for (size_t l = 0; l < layers; ++l) {
    if (!chosen.empty() && !chosen[l]) continue;
    certify::LayerMask alone(layers);
    alone[l] = true;
    certify_row(bench.network().layers[l].shape.name, alone);
  }
  certify_row(options.layers.empty() ? "all" : options.layers, chosen);
  program.reporter().finish("certify", "certify: done");
  Json json = {{"network", bench.network().name},
               {"data", bench.dataset().name},
               {"images", certifier.images()},
               {"bound", experiment::bound_json(box.bound)},
               {"realisation", experiment::realisation_word(box.realisation)},
               {"base", box.base},
               {"transparent", config.tile.transparent},
               {"adc_bits", config.tile.adc_bits},
               {"lsb_exp", box.grid.lsb_exp},
               {"steps", box.grid.steps},
               {"certified", std::move(rows)}};
  std::string text = header + "  layers that vary        certified\n" + table;
  add_dead_zone(certifier, box, json, text);
  if (options.largest && !program.reporter().interrupted()) {
    json["largest"] = largest_bound(certifier, chosen, *options.largest, program.reporter(), text);
  }
  program.output(json, text);
}

}  // namespace

void add_certify(Program& program) {
  auto options = std::make_shared<CertifyOptions>();
  CLI::App& command = program.add_command(
      "certify", "A sound lower bound on the accuracy of every chip within a bound",
      "  crucible certify --bound 1e-4 --adc transparent\n"
      "  crucible certify --bound 1e-5 --layers conv1,fc3 --images 1000\n"
      "  crucible certify --bound 1e-4 --adc transparent --largest 0.5",
      [&program, options] { run_certify(program, *options); });
  command.add_option("--bound", options->bound, "How far a weight or device may move")
      ->type_name("X")
      ->check(non_negative_number())
      ->capture_default_str();
  options->convention.add_to(command);
  options->convention.add_slices_to(command);
  command
      .add_option("--layers", options->layers,
                  "Layers that vary, by name, with commas (default: each alone, and all)")
      ->type_name("NAMES");
  command.add_option("--images", options->images, "Test images (default: the configuration's)")
      ->check(positive_number())
      ->type_name("N");
  command
      .add_option("--largest", options->largest,
                  "Also the largest bound with more than this share of the images certified")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("SHARE");
}

}  // namespace crucible::apps
