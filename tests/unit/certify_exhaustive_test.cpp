// Certificates against every chip of a box, every grid point and not vertices only: no activation,
// logit or margin leaves its bound, and a certified image is right on every chip.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "host/certify/certify.hpp"
#include "host/certify/interval_pass.hpp"
#include "host/certify/relaxation.hpp"
#include "models/network/twin_engine.hpp"
#include "tests/unit/certify_support.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::test {
namespace {

using models::IdleDevice;
using models::Realisation;
using models::VariationBound;

/// Least and largest values that chips reach.
struct Reached {
  std::vector<int64_t> low, high;
  void add(const std::vector<int64_t>& values) {
    if (low.empty()) {
      low = high = values;
      return;
    }
    for (size_t i = 0; i < values.size(); ++i) {
      low[i] = std::min(low[i], values[i]);
      high[i] = std::max(high[i], values[i]);
    }
  }
};

struct ImageRecord {
  std::vector<Reached> activations;
  Reached logits;
  std::vector<Reached> margins;  ///< [label]: logit[label] - logit[o]
  std::vector<bool> always;      ///< [label]: predicted on every chip
};

std::vector<ImageRecord> enumerate(const BoxedCase& boxed, const std::vector<bool>& mask,
                                   const std::vector<uint8_t>& images, uint64_t& chips) {
  const size_t size = boxed.compiled.input_size();
  const size_t classes = boxed.compiled.classes();
  std::vector<ImageRecord> records(images.size() / size);
  for (ImageRecord& record : records) {
    record.activations.resize(boxed.network.layers.size() - 1);
    record.margins.resize(classes);
    record.always.assign(classes, true);
  }
  PlainPipeline::Outcome outcome;
  std::vector<int64_t> margins(classes);
  uint64_t count = 0;
  chips = for_every_chip(boxed, mask, [&](const PlainPipeline& pipeline) {
    for (size_t k = 0; k < records.size(); ++k) {
      pipeline.run(std::span(images).subspan(k * size, size), outcome);
      ImageRecord& record = records[k];
      for (size_t l = 0; l < outcome.activations.size(); ++l)
        record.activations[l].add(outcome.activations[l]);
      record.logits.add(outcome.logits);
      const auto predicted = static_cast<size_t>(models::predicted_class(outcome.logits));
      for (size_t label = 0; label < classes; ++label) {
        for (size_t o = 0; o < classes; ++o) margins[o] = outcome.logits[label] - outcome.logits[o];
        record.margins[label].add(margins);
        if (label != predicted) record.always[label] = false;
      }
    }
    if (count++ % 100'003 == 0) {  // the plain pipeline is the twin's, and the chip is in the box
      const models::ChipOffsets chip = pipeline.chip();
      ASSERT_TRUE(certify::contains(boxed.network, boxed.compiled, boxed.box, mask, chip));
      models::TwinEngine engine(boxed.compiled, chip);
      std::vector<int64_t> logits(records.size() * classes);
      models::run_pipeline(boxed.compiled, engine, images, static_cast<int>(records.size()),
                           logits);
      ASSERT_TRUE(std::equal(outcome.logits.begin(), outcome.logits.end(),
                             logits.end() - static_cast<std::ptrdiff_t>(classes)));
    }
  });
  return records;
}

/// No chip leaves the intervals of a pass.
void expect_inside(const certify::IntervalPass& pass, const ImageRecord& record, bool exact) {
  for (size_t l = 0; l < record.activations.size(); ++l) {
    const certify::LayerState& state = pass.state(l);
    for (size_t i = 0; i < state.y_low.size(); ++i) {
      EXPECT_LE(state.y_low[i], record.activations[l].low[i]) << "layer " << l << ", " << i;
      EXPECT_GE(state.y_high[i], record.activations[l].high[i]) << "layer " << l << ", " << i;
    }
  }
  const certify::Intervals logits = pass.logits();
  for (size_t o = 0; o < logits.low.size(); ++o) {
    EXPECT_LE(logits.low[o], record.logits.low[o]);
    EXPECT_GE(logits.high[o], record.logits.high[o]);
    if (exact) {
      EXPECT_EQ(logits.low[o], record.logits.low[o]);
      EXPECT_EQ(logits.high[o], record.logits.high[o]);
    }
  }
}

void expect_below(const std::vector<int64_t>& margins, const Reached& reached, bool exact) {
  for (size_t o = 0; o < margins.size(); ++o) {
    EXPECT_LE(margins[o], reached.low[o]);
    if (exact) {
      EXPECT_EQ(margins[o], reached.low[o]);
    }
  }
}

/// The relaxation alone, without what intervals know of the margins: its bounds hold, before and
/// after it narrowed the layers between. Returns how many margins it raised above the intervals'.
int check_relaxation(const BoxedCase& boxed, const certify::BoxedNetwork& network,
                     certify::IntervalPass& pass, const ImageRecord& record,
                     std::span<const uint8_t> image) {
  const certify::LayerMask none(boxed.network.layers.size(), false);
  const certify::BoxedNetwork still(boxed.network, boxed.compiled, boxed.box, none);
  certify::IntervalPass ideal(still);
  ideal.run(image);
  certify::Relaxation relaxation(network);
  int raised = 0;
  for (const bool narrowed : {false, true}) {
    if (narrowed) relaxation.narrow(pass, ideal);
    expect_inside(pass, record, false);
    for (size_t label = 0; label < record.margins.size(); ++label) {
      const std::vector<int64_t> before = pass.margins(static_cast<int>(label));
      std::vector<int64_t> margins(before.size(), std::numeric_limits<int64_t>::min());
      margins[label] = 0;
      relaxation.tighten(pass, ideal, static_cast<int>(label), margins);
      expect_below(margins, record.margins[label], false);
      for (size_t o = 0; o < margins.size(); ++o) raised += margins[o] > before[o] ? 1 : 0;
    }
  }
  return raised;
}

struct Checked {
  uint64_t chips = 0;
  int certified = 0, refused = 0;  ///< pairs of image and label
  int raised = 0;                  ///< margins that the relaxation raised
};

/// `exact`: the bounds on the logits must be reached, not only hold.
Checked check(const BoxedCase& boxed, const std::vector<bool>& mask,
              const std::vector<uint8_t>& images, bool exact) {
  SCOPED_TRACE(boxed.name + ", " + boxed.box.bound.describe() + ", base " +
               std::to_string(boxed.box.base));
  Checked checked;
  const std::vector<ImageRecord> records = enumerate(boxed, mask, images, checked.chips);
  const certify::BoxedNetwork network(boxed.network, boxed.compiled, boxed.box, mask);
  certify::IntervalPass pass(network);
  const size_t size = boxed.compiled.input_size();
  for (size_t k = 0; k < records.size(); ++k) {
    SCOPED_TRACE("image " + std::to_string(k));
    const ImageRecord& record = records[k];
    const auto image = std::span(images).subspan(k * size, size);
    pass.run(image);
    expect_inside(pass, record, exact);
    for (size_t label = 0; label < record.margins.size(); ++label) {
      expect_below(pass.margins(static_cast<int>(label)), record.margins[label], exact);
      const auto own = static_cast<uint8_t>(label);
      const certify::CertifyResult result =
          certify::certify(boxed.network, boxed.compiled, boxed.box, image, std::span(&own, 1),
                           {.layers = mask, .threads = 1});
      const bool certified = result.certified == 1;
      if (certified || exact) {
        EXPECT_EQ(certified, record.always[label]) << "label " << label;
      }
      ++(certified ? checked.certified : checked.refused);
    }
    if (network.product(0).transparent()) {
      checked.raised += check_relaxation(boxed, network, pass, record, image);
    }
  }
  return checked;
}

models::QuantisedNetwork network_of(std::vector<models::LayerShape> shapes,
                                    std::vector<std::vector<int8_t>> weights, double w_scale,
                                    double bias) {
  models::QuantisedNetwork network;
  network.name = "tiny";
  for (size_t l = 0; l < shapes.size(); ++l) {
    models::QuantisedLayer layer;
    layer.shape = shapes[l];
    layer.shape.name = "layer" + std::to_string(l);
    layer.weights = weights[l];
    for (int o = 0; o < shapes[l].out_channels; ++o)
      layer.bias.push_back(static_cast<float>(bias * (o % 2 == 0 ? 1 : -0.6)));
    layer.w_scale = w_scale;
    layer.x_scale = 0.01;
    network.layers.push_back(std::move(layer));
  }
  return network;
}

models::AdcPlan transparent() { return {true, 8, {}}; }

/// 1/16 of a level a code; `bits` 8 covers sums below 16 levels, 4 saturates from one level on.
models::AdcPlan quantising(size_t layers, int bits, int step_exp = -4) {
  return {false, bits, std::vector<int>(layers, step_exp)};
}

/// One input, one hidden unit, two logits: three weights.
models::QuantisedNetwork thin(int8_t first, int8_t second, int8_t third) {
  return network_of({dense_shape(1, 1), dense_shape(1, 2)}, {{first}, {second, third}}, 0.15, 0.05);
}

const std::vector<uint8_t> kPixels{37, 127, 200};

TEST(CertifyExhaustive, HoldsOnMoreThanAMillionChipsWithTheTransparentAdc) {
  CaseSettings settings;
  settings.steps = 5;
  settings.adc = transparent();
  const BoxedCase boxed = boxed_case("thin", thin(9, 6, 5), settings);
  EXPECT_GE(check(boxed, {}, kPixels, true).chips, uint64_t{1} << 20);
}

TEST(CertifyExhaustive, HoldsOnMoreThanAMillionChipsWithTheQuantisingAdc) {
  CaseSettings settings;
  settings.steps = 5;
  settings.adc = quantising(2, 8);
  const BoxedCase boxed = boxed_case("thin", thin(9, 6, 5), settings);
  EXPECT_GE(check(boxed, {}, kPixels, false).chips, uint64_t{1} << 20);
}

/// Every convention, realisation and base with the given ADC, and every choice of layers.
Checked check_conventions(const models::AdcPlan& adc, const std::vector<int16_t>& adc_offset) {
  Checked all;
  const std::vector<std::pair<VariationBound, Realisation>> conventions{
      {VariationBound::weight_fraction(0.03), Realisation::kPair},
      {VariationBound::weight_fraction(0.03), Realisation::kActive},
      {VariationBound::device_levels(0.03, IdleDevice::kFixed), Realisation::kPair},
      {VariationBound::device_levels(0.03, IdleDevice::kDrifts), Realisation::kPair}};
  for (const auto& [bound, realisation] : conventions) {
    const bool drifts = bound.idle() == IdleDevice::kDrifts;
    for (const int base : {0, 1, 32}) {
      CaseSettings settings;
      settings.bound = bound;
      settings.realisation = realisation;
      settings.base = base;
      settings.steps = drifts ? 1 : 2;
      settings.adc = adc;
      settings.adc_offset = adc_offset;
      // Weights with levels 0 and 3, where the rails are.
      const BoxedCase boxed = boxed_case("thin", thin(12, -3, 8), settings);
      for (const std::vector<bool>& mask :
           {std::vector<bool>{}, std::vector<bool>{true, false}, std::vector<bool>{false, true}}) {
        if (drifts && mask.empty()) continue;  // too many chips
        const Checked one = check(boxed, mask, {37, 200}, adc.transparent);
        all.chips += one.chips;
        all.certified += one.certified;
        all.refused += one.refused;
      }
    }
  }
  return all;
}

TEST(CertifyExhaustive, HoldsInEveryConventionWithTheTransparentAdc) {
  const Checked all = check_conventions(transparent(), {});
  EXPECT_GT(all.certified, 0);
}

TEST(CertifyExhaustive, HoldsInEveryConventionWithTheQuantisingAdc) {
  const Checked all = check_conventions(quantising(2, 8), {});
  EXPECT_GT(all.certified, 0);
}

TEST(CertifyExhaustive, HoldsInEveryConventionWithASaturatingAdc) {
  check_conventions(quantising(2, 4), {});
}

TEST(CertifyExhaustive, HoldsWithAdcOffsetsInBothModes) {
  const std::vector<int16_t> offsets{5, -120, 33, 7, -300, 12, 90, -8};
  check_conventions(transparent(), offsets);
  check_conventions(quantising(2, 8), offsets);
  check_conventions(quantising(2, 8, -8), offsets);  // shift 0: nothing is rounded, most saturates
}

TEST(CertifyExhaustive, HoldsThroughConvolutionAndPooling) {
  for (const models::AdcPlan& adc : {transparent(), quantising(2, 8), quantising(2, 5)}) {
    CaseSettings settings;
    settings.steps = 3;
    settings.adc = adc;
    const std::vector<uint8_t> images{10, 200, 190, 180, 77, 0, 250, 251};
    const BoxedCase shared =
        boxed_case("one weight, four positions",
                   network_of({conv_shape(1, 2, 2, 1, 0, 1, true), dense_shape(1, 2)},
                              {{7}, {6, -5}}, 0.15, 0.05),
                   settings);
    EXPECT_EQ(check(shared, {}, images, false).chips, 49U * 49 * 49);
    settings.steps = 2;
    const BoxedCase taps =
        boxed_case("four taps, padded",
                   network_of({conv_shape(1, 1, 1, 2, 1, 1, true), dense_shape(1, 2)},
                              {{7, -2, 5, 12}, {6, -5}}, 0.15, 0.05),
                   settings);
    EXPECT_EQ(check(taps, {true, false}, {91}, false).chips, 25U * 25 * 25 * 25);
  }
}

/// Ten weights in two row blocks; every cell stands at a rail, so that it moves one way only.
TEST(CertifyExhaustive, HoldsOverRowBlocksAtTheRails) {
  for (const models::AdcPlan& adc : {transparent(), quantising(1, 8)}) {
    CaseSettings settings;
    settings.realisation = Realisation::kActive;
    settings.base = 0;
    settings.steps = 1;
    settings.tile.rows = 4;
    settings.adc = adc;
    const BoxedCase boxed = boxed_case(
        "two blocks",
        network_of({dense_shape(5, 2)}, {{12, 3, -15, 0, 12, -3, 15, 12, 3, -12}}, 0.15, 0.05),
        settings);
    ASSERT_EQ(boxed.compiled.layers[0].placement.row_blocks, 2);
    EXPECT_EQ(check(boxed, {}, {200, 31, 128, 77, 3}, adc.transparent).chips, uint64_t{1} << 20);
  }
}

/// One weight moves far, through layers that see the same activations: what the relaxation is for.
TEST(CertifyExhaustive, HoldsForTheLinearRelaxationWhereItIsTighter) {
  int raised = 0;
  for (const uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    CaseSettings settings;
    settings.base = 128;
    settings.steps = 24;
    settings.adc = transparent();
    settings.tile.banks = 16;
    models::QuantisedNetwork network = random_network(
        {conv_shape(1, 2, 2, 1, 0, 1, seed % 2 == 0), dense_shape(seed % 2 == 0 ? 1 : 4, 5),
         dense_shape(5, 4), dense_shape(4, 3)},
        seed);
    network.layers[0].weights[0] = 9;
    network.layers[0].w_scale = 0.12;
    for (auto& layer : network.layers) {
      for (float& bias : layer.bias) bias = std::abs(bias);
    }
    const BoxedCase boxed = boxed_case("deep", std::move(network), settings);
    const Checked one =
        check(boxed, {true, false, false, false}, random_bytes(8, seed + 10), false);
    EXPECT_EQ(one.chips, 49U * 49);
    raised += one.raised;
  }
  EXPECT_GT(raised, 0);
}

/// Positions of which now one, now another is the largest: the chord above a maximum.
TEST(CertifyExhaustive, HoldsForTheLinearRelaxationThroughTheMaximum) {
  CaseSettings settings;
  settings.base = 128;
  settings.steps = 8;
  settings.adc = transparent();
  settings.tile.banks = 16;
  models::QuantisedNetwork network =
      random_network({conv_shape(2, 2, 2, 1, 0, 1, true), dense_shape(1, 5), dense_shape(5, 3)}, 4);
  network.layers[0].weights = {4, 4};
  network.layers[0].w_scale = 0.2;
  network.layers[0].bias = {0.0F};
  for (auto& layer : network.layers) {
    for (float& bias : layer.bias) bias = std::abs(bias);
  }
  const BoxedCase boxed = boxed_case("maximum", std::move(network), settings);
  // The sum of both channels is nearly the same at two or three positions.
  const std::vector<uint8_t> images{201, 10, 100, 3, 10, 200, 110, 4,  //
                                    200, 0,  90,  9, 2,  203, 112, 200};
  const Checked one = check(boxed, {true, false, false}, images, false);
  EXPECT_EQ(one.chips, 289U * 289);
  EXPECT_GT(one.raised, 0);
}

TEST(CertifyExhaustive, KnowsWhichChipsAreOutsideTheBox) {
  CaseSettings settings;
  settings.adc = transparent();
  settings.base = 0;
  const BoxedCase boxed = boxed_case("thin", thin(12, -3, 8), settings);
  const auto inside = [&](size_t layer, size_t weight, const CellOffsets& offsets,
                          const certify::LayerMask& mask) {
    PlainPipeline pipeline(boxed);
    pipeline.set(layer, weight, offsets);
    return certify::contains(boxed.network, boxed.compiled, boxed.box, mask, pipeline.chip());
  };
  EXPECT_TRUE(inside(0, 0, {3, -3, 0, 0}, {}));
  EXPECT_FALSE(inside(0, 0, {4, 0, 0, 0}, {}));              // beyond the steps
  EXPECT_FALSE(inside(0, 0, {3, -3, 0, 0}, {false, true}));  // a layer that must not vary
  EXPECT_TRUE(inside(0, 0, {0, 0, 3, 0}, {}));    // what the rail cuts off goes to the pair
  EXPECT_FALSE(inside(0, 0, {-1, 0, 0, 0}, {}));  // beyond the rail
  models::ChipOffsets chip(boxed.compiled.geometry.cells(), 0);
  EXPECT_TRUE(certify::contains(boxed.network, boxed.compiled, boxed.box, {}, chip));
  chip.back() = 1;  // no cell of the network
  EXPECT_FALSE(certify::contains(boxed.network, boxed.compiled, boxed.box, {}, chip));
}

}  // namespace
}  // namespace crucible::test
