// block-flip: gradient-free, on the device alone. A random run of weights goes to one wall and
// stays there if the device does no better for it; runs shrink from the longest that a sparse
// update carries to single weights. After the Square attack (M. Andriushchenko, F. Croce, N.
// Flammarion, M. Hein, ECCV 2020), on weights in place of pixels.
#include <cmath>

#include "host/search/device/blocks.hpp"
#include "host/search/device/registry.hpp"

namespace crucible::search {

namespace {

class BlockFlip final : public IDeviceSearch {
 public:
  BlockFlip(DeviceSession session, int trials) : session_(std::move(session)), trials_(trials) {}

  bool advance() override {
    if (!session_.begun()) {
      session_.begin(Read::kLogits);
    } else {
      CounterRandom random(session_.arena().problem().seed, session_.statistics().measurements);
      Point z = session_.point();
      flip(z, random_block(z, size(), random), random);
      session_.attempt(std::move(z), /*level=*/true);
    }
    session_.report();
    return spent() < trials_ && session_.score().correct > 0;
  }
  [[nodiscard]] int planned() const override { return trials_; }
  [[nodiscard]] const DeviceSession& session() const override { return session_; }
  void save(OutArchive& archive) const override { session_.save(archive); }
  void load(InArchive& archive) override { session_.load(archive); }

 private:
  [[nodiscard]] int spent() const { return static_cast<int>(session_.statistics().measurements); }
  /// Geometric from sparse_step() to 1.
  [[nodiscard]] size_t size() const {
    const auto largest = static_cast<double>(session_.sparse_step());
    return static_cast<size_t>(std::lround(std::pow(largest, 1.0 - 1.0 * spent() / trials_)));
  }

  DeviceSession session_;
  int trials_;
};

}  // namespace

std::unique_ptr<IDeviceSearch> make_block_flip(DeviceSession session, int measurements) {
  return std::make_unique<BlockFlip>(std::move(session), measurements);
}

}  // namespace crucible::search
