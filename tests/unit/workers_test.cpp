// What workers share and tell each other, and the gradient that they make together.
#include "host/base/workers.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "host/base/parallel.hpp"
#include "models/error.hpp"
#include "tests/unit/small_networks.hpp"
#include "tests/unit/worker_team.hpp"

namespace crucible {
namespace {

using test::WorkerTeam;

TEST(Share, CutsUnitsIntoRunsThatFollowEachOtherAndDifferByOneAtMost) {
  for (const size_t units : {0U, 1U, 7U, 16U, 100U}) {
    for (const int size : {1, 2, 3, 16, 20}) {
      size_t next = 0;
      for (int rank = 0; rank < size; ++rank) {
        const Share share = share_of(units, rank, size);
        EXPECT_EQ(share.first, next);
        EXPECT_GE(share.size(), units / static_cast<size_t>(size));
        EXPECT_LE(share.size(), units / static_cast<size_t>(size) + 1);
        next = share.last;
      }
      EXPECT_EQ(next, units);
    }
  }
}

TEST(Workers, WithoutOthersEverythingIsOnesOwn) {
  EXPECT_TRUE(is_first(nullptr));
  EXPECT_EQ(worker_count(nullptr), 1);
  EXPECT_EQ(share_of(9, nullptr).size(), 9U);
  EXPECT_EQ(gather_texts(nullptr, "mine"), std::vector<std::string>{"mine"});
  EXPECT_EQ(text_of_first(nullptr, "mine"), "mine");
  EXPECT_EQ(largest(nullptr, -3), -3);
  EXPECT_EQ(sum(nullptr, 7), 7U);
  std::vector<int> values{1, 2, 3};
  gather_units(nullptr, std::span(values), 3);
  EXPECT_EQ(values, (std::vector<int>{1, 2, 3}));
  EXPECT_NO_THROW(require_equal_facts(nullptr, "test", {{"a", "b"}}));
  EXPECT_EQ(thread_count(0, nullptr), thread_count());
}

TEST(Workers, ShareTheCoresOfTheirMachine) {
  WorkerTeam(2).run([](IWorkers& workers) {
    EXPECT_EQ(thread_count(3, &workers), 3);
    EXPECT_LE(2 * thread_count(0, &workers), std::max(2, core_count()));
    EXPECT_GE(thread_count(0, &workers), 1);
  });
}

TEST(Workers, HoldEveryonesPartAfterwards) {
  WorkerTeam(3).run([](IWorkers& workers) {
    std::vector<int> values(2 * 7, -1);
    const Share mine = share_of(7, &workers);
    for (size_t i = 2 * mine.first; i < 2 * mine.last; ++i) values[i] = static_cast<int>(i);
    gather_units(&workers, std::span(values), 7);
    for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], static_cast<int>(i));
    const std::string word(static_cast<size_t>(3 * workers.rank()), 'x');
    EXPECT_EQ(gather_texts(&workers, word), (std::vector<std::string>{"", "xxx", "xxxxxx"}));
    EXPECT_EQ(text_of_first(&workers, workers.rank() == 0 ? "told" : "ignored"), "told");
    EXPECT_EQ(largest(&workers, workers.rank() == 1 ? 5 : -5), 5);
    EXPECT_EQ(sum(&workers, 1U + static_cast<uint64_t>(workers.rank())), 6U);
  });
}

TEST(Workers, HandOnWhatEachAddedInTheOrderOfTheirRanks) {
  WorkerTeam(3).run([](IWorkers& workers) {
    std::string text = "....";
    size_t at = 1;
    workers.relay(std::as_writable_bytes(std::span(text)), [&] {
      at = std::min(text.find('.'), text.size() - 1);
      text[at] = static_cast<char>('a' + workers.rank());
    });
    EXPECT_EQ(text, "abc.");
    EXPECT_EQ(at, static_cast<size_t>(workers.rank()));
  });
}

TEST(Workers, NameTheFactTheRankAndBothValuesWhereTheyDiffer) {
  WorkerTeam(3).run([](IWorkers& workers) {
    Facts facts{{"seed", "4"}, {"images", "60 af"}};
    EXPECT_NO_THROW(require_equal_facts(&workers, "test", facts));
    if (workers.rank() == 2) facts["seed"] = "5";
    if (workers.rank() == 1) facts.erase("images");
    try {
      require_equal_facts(&workers, "test", facts);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kMismatch);
      const std::string what = error.what();
      EXPECT_NE(what.find("seed: rank 0 has '4', rank 2 has '5'"), std::string::npos) << what;
      EXPECT_NE(what.find("images: rank 0 has '60 af', rank 1 has nothing"), std::string::npos)
          << what;
    }
  });
}

/// All that BatchGradient gives, of every second image.
struct Outcome {
  BatchResult result;
  models::NetworkGradient gradient;
  std::vector<float> margins, maxima;
  int correct = 0;
};

class SharedGradient : public ::testing::TestWithParam<int> {
 protected:
  static constexpr int kImages = 1100;  // 550 of them: 16 shards, the last one short
  const models::QuantisedNetwork network_ =
      test::random_network({test::conv_shape(1, 6, 6, 3, 1, 3, true), test::dense_shape(27, 4)}, 3);
  const std::vector<uint8_t> images_ = test::random_bytes(size_t{kImages} * 36, 4);
  const std::vector<uint8_t> labels_ = test::own_labels(network_, images_);

  Outcome outcome(IWorkers* workers, int threads) const {
    std::vector<int> index(kImages / 2);
    for (size_t i = 0; i < index.size(); ++i) index[i] = static_cast<int>(2 * i);
    const models::FloatTwin twin(network_, models::float_weights(network_));
    BatchGradient batch(network_, images_, labels_, threads, workers);
    Outcome out;
    out.gradient = models::NetworkGradient(network_);
    out.margins.resize(index.size());
    out.result = batch.gradient(twin, index, cross_entropy, out.gradient, out.margins);
    out.correct = batch.count_correct(twin, index);
    out.maxima = batch.activation_maxima(twin, index);
    return out;
  }
};

TEST_P(SharedGradient, IsThatOfOneProcessToTheLastBit) {
  const Outcome alone = outcome(nullptr, 1);
  EXPECT_GT(alone.result.loss, 0.0);
  WorkerTeam(GetParam()).run([&](IWorkers& workers) {
    const Outcome shared = outcome(&workers, 1 + workers.rank() % 2);
    EXPECT_EQ(shared.result.loss, alone.result.loss);
    EXPECT_EQ(shared.result.correct, alone.result.correct);
    EXPECT_EQ(shared.gradient.weights, alone.gradient.weights);
    EXPECT_EQ(shared.gradient.bias, alone.gradient.bias);
    EXPECT_EQ(shared.margins, alone.margins);
    EXPECT_EQ(shared.maxima, alone.maxima);
    EXPECT_EQ(shared.correct, alone.correct);
  });
}

INSTANTIATE_TEST_SUITE_P(Workers, SharedGradient, ::testing::Values(1, 2, 3, 5, 17));

}  // namespace
}  // namespace crucible
