// Certificates against every chip of a box, every grid point and not vertices only: no activation,
// logit or margin leaves its bound, and a certified image is right on every chip.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "host/certify/certify.hpp"
#include "host/certify/interval_pass.hpp"
#include "models/network/twin_engine.hpp"
#include "tests/unit/certify_support.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::test {
namespace {

using models::BoundConvention;
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

/// `exact`: the bounds on the logits must be reached, not only hold.
uint64_t check(const BoxedCase& boxed, const std::vector<bool>& mask,
               const std::vector<uint8_t>& images, bool exact) {
  SCOPED_TRACE(boxed.name);
  uint64_t chips = 0;
  const std::vector<ImageRecord> records = enumerate(boxed, mask, images, chips);
  const certify::BoxedNetwork network(boxed.network, boxed.compiled, boxed.box, mask);
  certify::IntervalPass pass(network);
  const size_t size = boxed.compiled.input_size();
  const auto classes = static_cast<size_t>(boxed.compiled.classes());
  for (size_t k = 0; k < records.size(); ++k) {
    SCOPED_TRACE("image " + std::to_string(k));
    const ImageRecord& record = records[k];
    const auto image = std::span(images).subspan(k * size, size);
    pass.run(image);
    for (size_t l = 0; l < record.activations.size(); ++l) {
      const certify::LayerState& state = pass.state(l);
      for (size_t i = 0; i < state.y_low.size(); ++i) {
        EXPECT_LE(state.y_low[i], record.activations[l].low[i]) << "layer " << l << ", " << i;
        EXPECT_GE(state.y_high[i], record.activations[l].high[i]) << "layer " << l << ", " << i;
      }
    }
    const certify::Intervals logits = pass.logits();
    for (size_t o = 0; o < classes; ++o) {
      EXPECT_LE(logits.low[o], record.logits.low[o]);
      EXPECT_GE(logits.high[o], record.logits.high[o]);
      if (exact) {
        EXPECT_EQ(logits.low[o], record.logits.low[o]);
        EXPECT_EQ(logits.high[o], record.logits.high[o]);
      }
    }
    for (size_t label = 0; label < classes; ++label) {
      const std::vector<int64_t> margins = pass.margins(static_cast<int>(label));
      for (size_t o = 0; o < classes; ++o) {
        EXPECT_LE(margins[o], record.margins[label].low[o]);
        if (exact) {
          EXPECT_EQ(margins[o], record.margins[label].low[o]);
        }
      }
      const auto own = static_cast<uint8_t>(label);
      const certify::CertifyResult result =
          certify::certify(boxed.network, boxed.compiled, boxed.box, image, std::span(&own, 1),
                           {.layers = mask, .threads = 1});
      if (result.certified == 1) {
        EXPECT_TRUE(record.always[label]) << "label " << label;
      }
      if (exact) {
        EXPECT_EQ(result.certified == 1, record.always[label]) << "label " << label;
      }
    }
  }
  return chips;
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
  EXPECT_GE(check(boxed, {}, kPixels, true), uint64_t{1} << 20);
}

TEST(CertifyExhaustive, HoldsOnMoreThanAMillionChipsWithTheQuantisingAdc) {
  CaseSettings settings;
  settings.steps = 5;
  settings.adc = quantising(2, 8);
  const BoxedCase boxed = boxed_case("thin", thin(9, 6, 5), settings);
  EXPECT_GE(check(boxed, {}, kPixels, false), uint64_t{1} << 20);
}

}  // namespace
}  // namespace crucible::test
