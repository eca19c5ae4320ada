// A small search problem with its data, for the tests of the search.
#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

#include "host/base/batch_gradient.hpp"
#include "host/search/problem.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::test {

struct SmallSearch {
  models::QuantisedNetwork network;
  std::vector<uint8_t> images, labels;
  models::WeightBox box;

  SmallSearch(const std::vector<models::LayerShape>& shapes, int count, uint64_t seed, float lo,
              float hi)
      : network(random_network(shapes, seed)),
        images(random_bytes(
            static_cast<size_t>(count) * static_cast<size_t>(shapes.front().in_size()), seed + 1)),
        labels(own_labels(network, images)),
        box(box_of(network, lo, hi)) {}

  [[nodiscard]] search::SearchProblem problem(int threads = 1) const {
    return {network, box, images, labels, 5, threads};
  }
  [[nodiscard]] int count_correct(const models::WeightDelta& delta) const {
    std::vector<int> all(labels.size());
    std::iota(all.begin(), all.end(), 0);
    return BatchGradient(network, images, labels, 1)
        .count_correct(models::FloatTwin(network, models::float_weights(network, delta)), all);
  }
};

inline search::SearchSettings with_effort(double effort) {
  search::SearchSettings settings;
  settings.effort = effort;
  return settings;
}

inline bool inside(const models::WeightDelta& delta, const models::WeightBox& box) {
  for (size_t l = 0; l < delta.size(); ++l)
    for (size_t i = 0; i < delta[l].size(); ++i)
      if (!(delta[l][i] >= box.lo[l][i] && delta[l][i] <= box.hi[l][i])) return false;
  return true;
}

}  // namespace crucible::test
