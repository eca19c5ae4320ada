#include "host/experiment/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace crucible::experiment {
namespace {

size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  size_t distance = 0;
  for (const std::string& candidate : known) {
    const size_t d = edit_distance(word, candidate);
    if (best == nullptr || d < distance) {
      best = &candidate;
      distance = d;
    }
  }
  if (best == nullptr || distance > std::max<size_t>(2, best->size() / 3)) return "";
  return "; did you mean '" + *best + "'?";
}

}  // namespace crucible::experiment
