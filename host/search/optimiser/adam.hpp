// Adam's moments (D. P. Kingma, J. Ba, ICLR 2015) over the coordinates of a point.
#pragma once

#include <span>

#include "host/search/archive.hpp"
#include "host/search/search_space.hpp"

namespace crucible::search {

class AdamMoments {
 public:
  explicit AdamMoments(const Point& shape);
  /// Moves z against `gradient` by Adam's step. rates: of each layer, half boxes.
  void move(Point& z, const Point& gradient, std::span<const double> rates);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(first_, second_, step_);
  }

 private:
  Point first_, second_;
  int step_ = 0;
};

}  // namespace crucible::search
