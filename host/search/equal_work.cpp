#include "host/search/equal_work.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "host/base/processor.hpp"
#include "host/base/program_version.hpp"
#include "host/search/checkpoint.hpp"

namespace crucible::search {

namespace {

constexpr size_t kProbed = 32;  // images

/// Loss and gradient of the first images where no weight changes. Another instruction set, cache
/// size (by which Eigen cuts its products) or library of functions rounds sums differently.
std::string sums_word(const SearchProblem& problem) {
  std::vector<int> index(std::min(kProbed, problem.labels.size()));
  std::iota(index.begin(), index.end(), 0);
  models::NetworkGradient gradient(problem.network);
  const BatchResult result =
      BatchGradient(problem.network, problem.images, problem.labels, 1)
          .gradient(models::FloatTwin(problem.network, models::float_weights(problem.network)),
                    index, cross_entropy, gradient);
  uLong crc = 0;
  for (const auto* part : {&gradient.weights, &gradient.bias})
    for (const auto& layer : *part)
      crc =
          crc32_z(crc, reinterpret_cast<const Bytef*>(layer.data()), layer.size() * sizeof(float));
  return fmt::format("loss {}, gradient {:08x}", result.loss, crc);
}

}  // namespace

void require_equal_work(const SearchProblem& problem, const std::string& method,
                        const SearchSettings& settings, const Facts& more) {
  if (worker_count(problem.workers) == 1) return;
  Facts facts = identity_of(problem, method, settings);
  facts.insert(more.begin(), more.end());
  facts["program"] = program_version() + " commit " + program_commit();
  facts["processor"] = vector_instructions();
  facts["sums over the first images"] = sums_word(problem);
  require_equal_facts(problem.workers, "search", facts);
}

}  // namespace crucible::search
