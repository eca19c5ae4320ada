// A search under way: a machine that advances one iteration at a time and can be put away between
// any two.
#pragma once

#include "host/search/archive.hpp"

namespace crucible::search {

class ISearch {
 public:
  virtual ~ISearch() = default;
  /// One iteration: exactly one point is added to the trace. False: it was the last.
  virtual bool advance() = 0;
  /// Iterations in all, about.
  [[nodiscard]] virtual int planned() const = 0;
  /// All that advance() changes, beside what the arena keeps. A search of the same problem and
  /// settings that loads it goes on with the same bytes.
  virtual void save(OutArchive& archive) const = 0;
  virtual void load(InArchive& archive) = 0;
};

}  // namespace crucible::search
