#include "host/search/start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/error.hpp"

namespace crucible::search {

namespace {

Point zero(const SearchSpace& space, uint64_t /*seed*/, uint64_t /*stream*/) {
  return space.origin();
}
Point uniform(const SearchSpace& space, uint64_t seed, uint64_t stream) {
  return space.random_point(seed, stream);
}
Point vertex(const SearchSpace& space, uint64_t seed, uint64_t stream) {
  return space.random_vertex(seed, stream);
}

}  // namespace

std::span<const StartEntry> starts() {
  static const std::array<StartEntry, 4> kStarts{{
      {"zero", "no weight changes", 1.0F, &zero},
      {"uniform", "a random point of the box", 1.0F, &uniform},
      {"vertex", "a random vertex of the box", 1.0F, &vertex},
      {"coarser", "continuation: the first half of the climb keeps to half the bound", 0.5F, &zero},
  }};
  return kStarts;
}

const StartEntry& find_start(const std::string& name) {
  const auto all = starts();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const StartEntry& entry) { return entry.name == name; });
  if (found != all.end()) return *found;
  std::string known;
  for (const StartEntry& entry : all) known += (known.empty() ? "" : ", ") + entry.name;
  throw Error(ErrorKind::kUsage,
              fmt::format("search: unknown start '{}'; known are {}", name, known));
}

}  // namespace crucible::search
