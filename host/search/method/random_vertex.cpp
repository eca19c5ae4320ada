// random-vertex: every weight at one end of its interval, at random. The control that separates
// magnitude from direction.
#include "host/search/registry.hpp"

namespace crucible::search {

namespace {

class RandomVertex final : public ISearch {
 public:
  RandomVertex(Arena& arena, int tries) : arena_(arena), tries_(tries) {}

  bool advance() override {
    const Point z = arena_.space().random_vertex(arena_.problem().seed, tried_);
    // The control counts even where it does not hurt.
    const int correct = arena_.objective().count_correct(z);
    if (tried_ == 0) arena_.restart_at(z, correct);
    arena_.offer(z, correct);
    const double accuracy = static_cast<double>(correct) / arena_.objective().count();
    arena_.report(accuracy, accuracy, arena_.space().deviation(arena_.space().delta(z)));
    return ++tried_ < static_cast<uint64_t>(tries_);
  }
  [[nodiscard]] int planned() const override { return tries_; }
  void save(OutArchive& archive) const override { archive(tried_); }
  void load(InArchive& archive) override { archive(tried_); }

 private:
  Arena& arena_;
  int tries_;
  uint64_t tried_ = 0;
};

}  // namespace

std::unique_ptr<ISearch> make_random_vertex(Arena& arena, const SearchSettings& settings) {
  return std::make_unique<RandomVertex>(arena, scaled(1, settings));
}

}  // namespace crucible::search
