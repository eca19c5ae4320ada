// Certificates of the zoo's LeNet on the generated digits: random chips, vertices among them, never
// break one; what does not belong together is refused.
#include <gtest/gtest.h>

#include "host/certify/certify.hpp"
#include "host/certify/interval_pass.hpp"
#include "host/data/dataset.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/network_folder.hpp"
#include "models/error.hpp"
#include "models/network/twin_engine.hpp"
#include "models/variation/random_chip.hpp"

namespace crucible::test {
namespace {

constexpr models::TileGeometry kTile{128, 64, 72};
constexpr int kImages = 60;

class CertifyZoo : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    network_ = experiment::load_network("models/zoo/lenet-strokes");
    data_ = data::generate_strokes(1, 200, kImages);
  }

  struct Boxed {
    models::WeightBox box;
    models::CompiledNetwork compiled;
  };
  static Boxed boxed(const models::VariationBound& bound, bool transparent, int base) {
    models::WeightBox box = models::make_box(network_, bound, models::Realisation::kPair, base);
    models::TileSettings common;
    common.inject = true;
    common.lsb_exp = box.grid.lsb_exp;
    common.base = base;
    models::AdcPlan plan{true, 8, {}};
    if (!transparent) {
      plan = models::calibrate_adc(network_, kTile, base, 8, data_.train.images, 200);
    }
    return {std::move(box), models::compile(network_, kTile, common, plan)};
  }
  static certify::CertifyResult certified(const Boxed& b,
                                          const certify::CertifySettings& settings = {}) {
    return certify::certify(network_, b.compiled, b.box, data_.test.images, data_.test.labels,
                            settings);
  }

  static inline models::QuantisedNetwork network_;
  static inline data::Dataset data_;
};

TEST_F(CertifyZoo, HoldsOnRandomChipsAndVertices) {
  struct Case {
    models::VariationBound bound;
    bool transparent;
    int base;
  };
  for (const Case& c :
       {Case{models::VariationBound::weight_fraction(1e-3), true, 32},
        Case{models::VariationBound::weight_fraction(3e-4), false, 0},
        Case{models::VariationBound::device_levels(1e-3, models::IdleDevice::kDrifts), true, 0}}) {
    SCOPED_TRACE(c.bound.describe());
    const Boxed b = boxed(c.bound, c.transparent, c.base);
    const certify::CertifyResult result = certified(b);
    EXPECT_GT(result.certified, 0);
    EXPECT_LE(result.certified, result.clean);
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      const models::ChipOffsets chip = models::random_chip(
          network_, b.compiled, b.box,
          seed % 2 == 0 ? models::Distribution::kVertex : models::Distribution::kUniform, 0.5,
          seed);
      ASSERT_TRUE(certify::contains(network_, b.compiled, b.box, {}, chip));
      const eval::Evaluation evaluation =
          eval::evaluate_model(b.compiled, chip, {data_.test.images, data_.test.labels}, 2);
      for (int i = 0; i < kImages; ++i) {
        if (result.image_certified[i]) {
          EXPECT_EQ(evaluation.predicted[i], data_.test.labels[i]) << "image " << i;
        }
      }
    }
  }
}

TEST_F(CertifyZoo, HoldsEveryActivationOfAVertex) {
  for (const bool transparent : {true, false}) {
    const Boxed b = boxed(models::VariationBound::weight_fraction(2e-3), transparent, 32);
    const models::ChipOffsets chip =
        models::random_chip(network_, b.compiled, b.box, models::Distribution::kVertex, 0.5, 7);
    models::TwinEngine engine(b.compiled, chip);
    const certify::BoxedNetwork network(network_, b.compiled, b.box, {});
    certify::IntervalPass pass(network);
    const auto image = std::span<const uint8_t>(data_.test.images).first(28 * 28);
    pass.run(image);
    // The chip's own sums, from inputs that the chip itself made.
    std::vector<int64_t> logits(b.compiled.classes());
    models::run_pipeline(b.compiled, engine, image, 1, logits);
    const certify::Intervals bounds = pass.logits();
    for (size_t o = 0; o < logits.size(); ++o) {
      EXPECT_LE(bounds.low[o], logits[o]);
      EXPECT_GE(bounds.high[o], logits[o]);
    }
    std::vector<int64_t> acc(28 * 28 * 6);
    models::ImagePatches patches(b.compiled.layers[0].shape);
    std::vector<uint8_t> vectors(28 * 28 * 9);
    patches.cut(image.data(), vectors.data());
    engine.multiply(0, 0, vectors, 28 * 28, acc);
    for (size_t i = 0; i < acc.size(); ++i) {
      ASSERT_LE(pass.state(0).product.acc.low[i], acc[i]);
      ASSERT_GE(pass.state(0).product.acc.high[i], acc[i]);
    }
  }
}

TEST_F(CertifyZoo, FallsWithTheBoundAndWithMoreLayers) {
  const Boxed small = boxed(models::VariationBound::weight_fraction(3e-4), true, 32);
  const Boxed large = boxed(models::VariationBound::weight_fraction(1e-3), true, 32);
  const certify::LayerMask last{false, false, false, false, true};
  EXPECT_GE(certified(small).certified, certified(large).certified);
  EXPECT_GE(certified(large, {.layers = last}).certified, certified(large).certified);
  const certify::LayerMask none(5, false);
  const certify::CertifyResult nothing = certified(large, {.layers = none});
  EXPECT_EQ(nothing.certified, nothing.clean);
}

TEST_F(CertifyZoo, GainsByTheRelaxation) {
  const Boxed b = boxed(models::VariationBound::weight_fraction(1e-3), true, 32);
  EXPECT_GT(certified(b).certified, certified(b, {.relax = false}).certified);
}

TEST_F(CertifyZoo, DoesNotDependOnThreads) {
  const Boxed b = boxed(models::VariationBound::weight_fraction(1e-3), true, 32);
  EXPECT_EQ(certified(b, {.threads = 1}).image_certified,
            certified(b, {.threads = 3}).image_certified);
}

TEST_F(CertifyZoo, RefusesWhatDoesNotBelongTogether) {
  const Boxed b = boxed(models::VariationBound::weight_fraction(1e-3), true, 32);
  Boxed other = b;
  other.compiled.common.inject = false;
  EXPECT_THROW((void)certified(other), Error);
  other = b;
  other.compiled.common.base = 0;
  EXPECT_THROW((void)certified(other), Error);
  EXPECT_THROW((void)certified(b, {.layers = {true}}), Error);
  EXPECT_THROW((void)certify::certify(network_, b.compiled, b.box, data_.test.images,
                                      std::vector<uint8_t>(3)),
               Error);
  EXPECT_THROW((void)certify::certify(network_, b.compiled, b.box, data_.test.images,
                                      std::vector<uint8_t>(kImages, 10)),
               Error);
}

}  // namespace
}  // namespace crucible::test
