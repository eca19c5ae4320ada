// The generated digit set: a style's strokes, moved at random, drawn, blurred and made noisy. Every
// image is a function of (seed, set, number).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/parallel.hpp"
#include "host/base/random.hpp"
#include "host/data/dataset.hpp"
#include "host/data/digit_styles.hpp"
#include "host/data/pen.hpp"
#include "models/error.hpp"

namespace crucible::data {

namespace {

constexpr int kSize = 28;
constexpr int kClasses = 10;
constexpr int kMost = 1'000'000;  // images of a set
constexpr uint64_t kTestStream = uint64_t{1} << 32;
constexpr int kRounds = 3;           // of corner cutting
constexpr PenPoint kCentre{30, 45};  // of the design box
constexpr int kOne = 256;            // 1 in the matrix below

/// Maps design units, kOne-scaled, onto the canvas.
struct Placement {
  int xx, xy, yx, yy;  // subpixels a design unit, times kOne
  int x0, y0;          // subpixels

  [[nodiscard]] PenPoint map(int x, int y) const {
    return {(xx * x + xy * y) / kOne + x0, (yx * x + yy * y) / kOne + y0};
  }
};

Placement draw_placement(CounterRandom& random) {
  // 90 design units are 20 pixels at scale 1: 14.2 subpixels a unit.
  const int scale = 3640;
  const int wide = scale * random.between(160, 285) / kOne;
  const int tall = scale * random.between(190, 280) / kOne;
  const int slant = random.between(-70, 110);  // of kOne: x moves with height
  const int turn = random.between(-55, 55);    // of kOne: tangent of the angle
  const int across = -slant * tall / kOne;
  Placement p{};
  p.xx = wide;
  p.xy = across - turn * tall / kOne;
  p.yx = turn * wide / kOne;
  p.yy = tall;
  p.x0 = kSize * kSubpixel / 2 + random.between(-150, 150);
  p.y0 = kSize * kSubpixel / 2 + random.between(-150, 150);
  return p;
}

void draw_style(const DigitStyle& style, CounterRandom& random, Canvas& canvas) {
  const Placement placement = draw_placement(random);
  const int jitter = random.between(3, 11);  // design units
  for (const PenStroke& stroke : style) {
    std::vector<PenPoint> points;
    for (const PenPoint& p : stroke.points) {
      const int down = random.between(-jitter, jitter);
      const int right = random.between(-jitter, jitter);
      points.push_back(placement.map(p.x - kCentre.x + right, p.y - kCentre.y + down));
    }
    if (stroke.smooth) points = cut_corners(std::move(points), kRounds);
    for (size_t i = 0; i + 1 < points.size(); ++i) canvas.line(points[i], points[i + 1]);
  }
}

/// A short stroke that belongs to no digit.
void draw_blot(CounterRandom& random, Canvas& canvas) {
  const int most = kSize * kSubpixel;
  const PenPoint from{random.between(0, most), random.between(0, most)};
  const PenPoint to{from.x + random.between(-5 * kSubpixel, 5 * kSubpixel),
                    from.y + random.between(-5 * kSubpixel, 5 * kSubpixel)};
  canvas.line(from, to);
}

void blur(uint8_t* pixels) {
  std::array<uint8_t, kSize * kSize> sharp{};
  std::copy_n(pixels, sharp.size(), sharp.begin());
  constexpr std::array<int, 3> kWeights{1, 2, 1};
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      int sum = 0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx)
          if (y + dy >= 0 && y + dy < kSize && x + dx >= 0 && x + dx < kSize)
            sum += kWeights[dy + 1] * kWeights[dx + 1] * sharp[(y + dy) * kSize + x + dx];
      pixels[y * kSize + x] = static_cast<uint8_t>(sum / 16);
    }
  }
}

void add_noise(int amplitude, CounterRandom& random, uint8_t* pixels) {
  uint64_t bits = 0;
  for (int i = 0; i < kSize * kSize; ++i) {
    if (i % 8 == 0) bits = random.next();
    const int level = static_cast<int>(bits & 0xFFU) - 128;
    bits >>= 8U;
    pixels[i] = static_cast<uint8_t>(std::clamp(pixels[i] + level * amplitude / 128, 0, 255));
  }
}

uint8_t draw_image(CounterRandom random, Canvas& canvas, uint8_t* pixels) {
  const int digit = random.between(0, kClasses - 1);
  const auto styles = digit_styles(digit);
  canvas.clear();
  draw_style(styles[random.below(static_cast<uint32_t>(styles.size()))], random, canvas);
  if (random.below(4) == 0) draw_blot(random, canvas);
  const int radius = random.between(36, 105);
  const int ink = random.between(110, 255);
  canvas.develop(radius, ink, pixels);
  if (random.below(2) == 0) blur(pixels);
  add_noise(random.between(0, 80), random, pixels);
  return static_cast<uint8_t>(digit);
}

ImageSet draw_set(uint64_t seed, uint64_t stream, int count) {
  ImageSet set;
  constexpr size_t kPixels = kSize * kSize;
  constexpr size_t kShard = 256;
  const auto images = static_cast<size_t>(count);
  set.images.resize(images * kPixels);
  set.labels.resize(images);
  parallel_shards((images + kShard - 1) / kShard, thread_count(), [&](size_t shard, int) {
    Canvas canvas(kSize, kSize);
    for (size_t i = shard * kShard; i < std::min(images, (shard + 1) * kShard); ++i)
      set.labels[i] =
          draw_image(CounterRandom(seed, stream + i), canvas, set.images.data() + i * kPixels);
  });
  return set;
}

}  // namespace

Dataset generate_strokes(uint64_t seed, int train_count, int test_count) {
  for (const int count : {train_count, test_count}) {
    if (count < 0 || count > kMost)
      throw Error(ErrorKind::kUsage,
                  fmt::format("strokes: {} images asked for; a set has 0 .. {}", count, kMost));
  }
  Dataset dataset;
  dataset.name = "strokes";
  dataset.source = fmt::format("generated pen strokes, seed {}", seed);
  dataset.train = draw_set(seed, 0, train_count);
  dataset.test = draw_set(seed, kTestStream, test_count);
  return dataset;
}

}  // namespace crucible::data
