// spsa: simultaneous perturbation stochastic approximation on the device alone (J. Spall, IEEE
// Transactions on Automatic Control 37, 1992). The loss is measured on both sides of the point
// along a random direction d, and the point moves by -a (L+ - L-) / (2 c) d. Directions touch few
// weights, so that updates stay sparse: blocks with one sign each, and outer products of random
// signs over some outputs and inputs of one layer (rank one), in turn. Gains are in units of the
// mean |L+ - L-| so far; a step that does not make the device worse off is undone, and the best of
// the three points is kept.
#include <algorithm>
#include <cmath>

#include "host/search/device/blocks.hpp"
#include "host/search/device/registry.hpp"

namespace crucible::search {

namespace {

constexpr float kFirst = 1.0F, kLast = 0.25F;  // length of a perturbation, half boxes
constexpr float kGain = 2.0F;                  // of a step, perturbations
constexpr size_t kBlocks = 4;
constexpr int kCosts = 3;  // measurements of a step

float random_sign(CounterRandom& random) { return (random.next() & 1U) != 0 ? 1.0F : -1.0F; }

class Spsa final : public IDeviceSearch {
 public:
  Spsa(DeviceSession session, int trials) : session_(std::move(session)), trials_(trials) {}

  bool advance() override {
    if (!session_.begun()) {
      session_.begin(Read::kLogits);
    } else {
      step();
    }
    session_.report();
    return spent() + kCosts <= trials_ && session_.score().correct > 0;
  }
  [[nodiscard]] int planned() const override { return 1 + (trials_ - 1) / kCosts; }
  [[nodiscard]] const DeviceSession& session() const override { return session_; }
  void save(OutArchive& archive) const override {
    session_.save(archive);
    archive(step_, differences_);
  }
  void load(InArchive& archive) override {
    session_.load(archive);
    archive(step_, differences_);
  }

 private:
  [[nodiscard]] int spent() const { return static_cast<int>(session_.statistics().measurements); }

  /// Zero but for the weights that the direction moves.
  [[nodiscard]] Point direction() const {
    const SearchProblem& problem = session_.problem();
    CounterRandom random(problem.seed, step_);
    Point d = session_.point();
    for_each_coordinate([](float& at) { at = 0.0F; }, d);
    const size_t weights = std::max<size_t>(1, session_.sparse_step() / kSpsaThinner);
    if (step_ % 2 == 0) {
      for (size_t b = 0; b < std::min(kBlocks, weights); ++b) {
        const Block block = random_block(d, std::max<size_t>(1, weights / kBlocks), random);
        std::fill_n(d[block.layer].begin() + static_cast<std::ptrdiff_t>(block.first), block.size,
                    random_sign(random));
      }
      return d;
    }
    const size_t l = random.below(static_cast<uint32_t>(d.size()));
    const auto inputs = static_cast<size_t>(problem.network.layers[l].shape.fan_in());
    const size_t outputs = d[l].size() / inputs;
    const double share =
        std::min(1.0, std::sqrt(static_cast<double>(weights) / static_cast<double>(d[l].size())));
    std::vector<float> row(outputs), column(inputs);
    for (float& sign : row) sign = random.unit() < share ? random_sign(random) : 0.0F;
    for (float& sign : column) sign = random.unit() < share ? random_sign(random) : 0.0F;
    for (size_t o = 0; o < outputs; ++o)
      for (size_t i = 0; i < inputs; ++i) d[l][o * inputs + i] = row[o] * column[i];
    return d;
  }

  [[nodiscard]] Point moved(const Point& d, float by) const {
    Point z = session_.point();
    for_each_coordinate(
        [by](float& at, const float& along) { at = std::clamp(at + by * along, -1.0F, 1.0F); }, z,
        d);
    return z;
  }

  void step() {
    const float progress = static_cast<float>(spent()) / static_cast<float>(trials_);
    const float c = kFirst * std::pow(kLast / kFirst, progress);
    const Point d = direction();
    const DeviceScore here = session_.score();
    const Point ahead = moved(d, c), behind = moved(d, -c);
    // Both sides are measured from the same point; what is better than it is kept at once.
    const DeviceScore plus = session_.measure(ahead);
    if (plus.better_than(here)) session_.accept(ahead, plus);
    const DeviceScore minus = session_.measure(behind);
    if (minus.better_than(session_.score())) session_.accept(behind, minus);
    const double difference = plus.loss - minus.loss;
    differences_ += std::abs(difference);
    ++step_;
    if (difference == 0.0) return;
    const double mean = differences_ / static_cast<double>(step_);
    Point z = session_.point();
    const auto by = static_cast<float>(-kGain * c * difference / (2 * mean));
    for_each_coordinate(
        [by](float& at, const float& along) { at = std::clamp(at + by * along, -1.0F, 1.0F); }, z,
        d);
    session_.attempt(std::move(z), /*level=*/false);
  }

  DeviceSession session_;
  int trials_;
  uint64_t step_ = 0;
  double differences_ = 0.0;  // sum of |L+ - L-|
};

}  // namespace

std::unique_ptr<IDeviceSearch> make_spsa(DeviceSession session, int measurements) {
  return std::make_unique<Spsa>(std::move(session), measurements);
}

}  // namespace crucible::search
