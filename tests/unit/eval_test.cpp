#include "host/eval/evaluation.hpp"

#include <gtest/gtest.h>

#include <random>

#include "host/eval/monte_carlo.hpp"
#include "models/error.hpp"
#include "tests/unit/worker_team.hpp"

namespace crucible::eval {
namespace {

constexpr uint32_t kSeed = 20240501;

/// A fully connected network on random images: small, but through the whole pipeline.
class Evaluated : public ::testing::Test {
 protected:
  Evaluated() {
    std::mt19937 random(kSeed);
    network_.name = "random";
    for (const auto& [inputs, outputs] : {std::pair{20, 12}, std::pair{12, 5}}) {
      models::QuantisedLayer layer;
      layer.shape.name = "fc" + std::to_string(inputs);
      layer.shape.in_channels = inputs;
      layer.shape.out_channels = outputs;
      for (int i = 0; i < inputs * outputs; ++i) {
        layer.weights.push_back(static_cast<int8_t>(static_cast<int>(random() % 31) - 15));
      }
      layer.weights.front() = 15;
      layer.bias.assign(static_cast<size_t>(outputs), 0.1F);
      layer.w_scale = 0.01;
      layer.x_scale = 1.0 / 255;
      network_.layers.push_back(layer);
    }
    for (int i = 0; i < kImages * 20; ++i) pixels_.push_back(static_cast<uint8_t>(random()));
    for (int i = 0; i < kImages; ++i) labels_.push_back(static_cast<uint8_t>(random() % 5));
    models::AdcPlan plan;
    plan.step_exp = {0, 0};
    models::TileSettings common;
    common.inject = true;
    common.lsb_exp = box_.grid.lsb_exp;
    compiled_ = models::compile(network_, geometry_, common, plan);
  }
  static constexpr int kImages = 137;
  models::TileGeometry geometry_{32, 16, 16};
  models::QuantisedNetwork network_;
  std::vector<uint8_t> pixels_, labels_;
  LabelledImages images() const { return {pixels_, labels_}; }
  models::WeightBox box_{models::make_box(boxed(), models::VariationBound::weight_fraction(0.03),
                                          models::Realisation::kPair, 0)};
  models::CompiledNetwork compiled_;
  models::ChipOffsets offsets_ = models::ChipOffsets(geometry_.cells(), 3);

 private:
  /// The box hangs on w_max alone, which is 15 here.
  static models::QuantisedNetwork boxed() {
    models::QuantisedNetwork network;
    for (const auto& [inputs, outputs] : {std::pair{20, 12}, std::pair{12, 5}}) {
      models::QuantisedLayer layer;
      layer.shape.in_channels = inputs;
      layer.shape.out_channels = outputs;
      layer.weights.assign(static_cast<size_t>(inputs * outputs), 15);
      network.layers.push_back(layer);
    }
    return network;
  }
};

TEST_F(Evaluated, DoesNotDependOnTheNumberOfThreads) {
  const Evaluation one = evaluate_model(compiled_, offsets_, images(), 1);
  const Evaluation four = evaluate_model(compiled_, offsets_, images(), 4);
  EXPECT_EQ(one.logits, four.logits);
  EXPECT_EQ(one.predicted, four.predicted);
  EXPECT_EQ(one.counters.saturations, four.counters.saturations);
  EXPECT_EQ(one.counters.products, four.counters.products);
  EXPECT_EQ(one.images(), kImages);
}

TEST_F(Evaluated, DrawsAnImagesNoiseByItsNumberWhateverThreadsWorkersAndChunks) {
  compiled_.common.effects.noise = models::ReadNoise::kColumn;
  const Evaluation quiet = evaluate_model(compiled_, offsets_, images(), 1);
  compiled_.common.effects.noise_cell = 1 << 16;
  const Evaluation one = evaluate_model(compiled_, offsets_, images(), 1);
  EXPECT_NE(one.logits, quiet.logits);
  EXPECT_EQ(evaluate_model(compiled_, offsets_, images(), 4).logits, one.logits);
  models::TwinEngine engine(compiled_, offsets_);
  EXPECT_EQ(evaluate_engine(compiled_, engine, images(), 7).logits, one.logits);
  EXPECT_EQ(engine.counters(), one.counters);
  test::WorkerTeam(3).run([&](IWorkers& workers) {
    EXPECT_EQ(evaluate_model(compiled_, offsets_, images(), 2, &workers).logits, one.logits);
  });
}

TEST_F(Evaluated, IsThatOfOneProcessWhereWorkersShareTheImagesOrTheChips) {
  const Evaluation alone = evaluate_model(compiled_, offsets_, images(), 1);
  MonteCarloSettings settings;
  settings.chips = 7;
  settings.threads = 1;
  const MonteCarloResult chips = monte_carlo(network_, compiled_, box_, images(), settings);
  test::WorkerTeam(3).run([&](IWorkers& workers) {
    const Evaluation shared = evaluate_model(compiled_, offsets_, images(), 2, &workers);
    EXPECT_EQ(shared.logits, alone.logits);
    EXPECT_EQ(shared.predicted, alone.predicted);
    EXPECT_EQ(shared.correct, alone.correct);
    EXPECT_EQ(shared.counters.saturations, alone.counters.saturations);
    EXPECT_EQ(shared.counters.products, alone.counters.products);
    MonteCarloSettings mine = settings;
    mine.workers = &workers;
    EXPECT_EQ(monte_carlo(network_, compiled_, box_, images(), mine).accuracy, chips.accuracy);
    // Stopped on one of them, all keep the same prefix.
    const MonteCarloResult part = monte_carlo(network_, compiled_, box_, images(), mine,
                                              [&](int) { return workers.rank() != 2; });
    EXPECT_EQ(part.accuracy.size(), 3U);
  });
}

TEST_F(Evaluated, GivesTheSameOnAnEngineInAnyChunks) {
  const Evaluation all = evaluate_model(compiled_, offsets_, images(), 2);
  for (const int chunk : {0, 1, 10}) {
    models::TwinEngine engine(compiled_, offsets_);
    const Evaluation part = evaluate_engine(compiled_, engine, images(), chunk);
    EXPECT_EQ(part.logits, all.logits);
    EXPECT_NO_THROW(require_equal_logits(part, "engine", all, "model"));
  }
}

TEST_F(Evaluated, KeepsAWholePrefixWhenItIsEnded) {
  models::TwinEngine engine(compiled_, offsets_);
  const Evaluation part =
      evaluate_engine(compiled_, engine, images(), 10, [](int done) { return done < 20; });
  EXPECT_EQ(part.images(), 20);
  EXPECT_NO_THROW(
      require_equal_logits(part, "part", evaluate_model(compiled_, offsets_, images(), 1), "all"));
}

TEST_F(Evaluated, NamesImageClassAndBothValuesWhereLogitsDiffer) {
  const Evaluation model = evaluate_model(compiled_, offsets_, images(), 1);
  Evaluation device = model;
  device.logits[7 * 5 + 2] += 1;
  device.logits[9 * 5] += 1;
  try {
    require_equal_logits(device, "the device", model, "the model");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::kMismatch);
    const std::string what = e.what();
    EXPECT_NE(what.find("image 7, class 2: " + std::to_string(device.logits[37]) + " and " +
                        std::to_string(model.logits[37])),
              std::string::npos)
        << what;
    EXPECT_NE(what.find("2 of 685"), std::string::npos) << what;
  }
}

TEST_F(Evaluated, RefusesImagesOfAnotherSize) {
  const LabelledImages wrong{std::span(pixels_).first(pixels_.size() / 2), labels_};
  EXPECT_THROW(static_cast<void>(evaluate_model(compiled_, offsets_, wrong, 1)), Error);
}

TEST_F(Evaluated, DrawsTheSameChipsWhateverTheThreads) {
  MonteCarloSettings settings;
  settings.chips = 5;
  settings.seed = kSeed;
  settings.threads = 1;
  const MonteCarloResult one = monte_carlo(network_, compiled_, box_, images(), settings);
  settings.threads = 3;
  EXPECT_EQ(monte_carlo(network_, compiled_, box_, images(), settings).accuracy, one.accuracy);
  // Chip i is drawn from seed + i.
  settings.seed = kSeed + 2;
  settings.chips = 1;
  EXPECT_EQ(monte_carlo(network_, compiled_, box_, images(), settings).accuracy.front(),
            one.accuracy[2]);
}

TEST(MonteCarloResult, InterpolatesQuantilesAsNumPyDoes) {
  const MonteCarloResult result{{0.4, 0.1, 0.2, 0.3}};
  EXPECT_DOUBLE_EQ(result.quantile(0), 0.1);
  EXPECT_DOUBLE_EQ(result.quantile(0.5), 0.25);
  EXPECT_DOUBLE_EQ(result.quantile(1), 0.4);
  EXPECT_DOUBLE_EQ(result.lowest(), 0.1);
  EXPECT_DOUBLE_EQ(result.mean(), 0.25);
}

TEST(LabelledImages, TakesNoMoreThanThereAre) {
  const std::vector<uint8_t> pixels(12), labels(3);
  const LabelledImages images{pixels, labels};
  EXPECT_EQ(images.first(5).count(), 3);
  EXPECT_EQ(images.part(2, 5).count(), 1);
  EXPECT_EQ(images.part(7, 5).count(), 0);
  EXPECT_EQ(images.part(1, 1).pixels.data(), pixels.data() + 4);
}

}  // namespace
}  // namespace crucible::eval
