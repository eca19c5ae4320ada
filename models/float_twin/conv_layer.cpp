#include "models/float_twin/conv_layer.hpp"

#include <algorithm>

namespace crucible::models {

using lanes::IntVec;
using lanes::Vec;

namespace {

constexpr int kPositions = 4;  // positions of a tile
constexpr int kTapBlock = 9;   // taps of a tile of the weights' gradient
constexpr int kPairs = 2;      // output channels of a tile of the weights' gradient

/// Sums of one tile: acc[p][c] = sum over taps of base[p][tap] * weights[tap][c].
template <int Block>
inline __attribute__((always_inline)) void tile_sums(const std::array<const Vec*, kPositions>& base,
                                                     const std::vector<int>& taps,
                                                     const float* weights,
                                                     Vec (&acc)[kPositions][Block]) {
  for (int p = 0; p < kPositions; ++p)
    for (int c = 0; c < Block; ++c) acc[p][c] = Vec{};
  const Vec* b0 = base[0];
  const Vec* b1 = base[1];
  const Vec* b2 = base[2];
  const Vec* b3 = base[3];
  for (const int tap : taps) {
    const Vec x0 = b0[tap], x1 = b1[tap], x2 = b2[tap], x3 = b3[tap];
    for (int c = 0; c < Block; ++c) {
      const float w = weights[c];
      acc[0][c] += x0 * w;
      acc[1][c] += x1 * w;
      acc[2][c] += x2 * w;
      acc[3][c] += x3 * w;
    }
    weights += Block;
  }
}

/// Rounds to codes: halves up, as the hardware's requantisation does.
inline Vec to_code(Vec u) {
  u = u < 0.0F ? Vec{} : u;
  u = u > 255.0F ? Vec{} + 255.0F : u;
  return __builtin_convertvector(__builtin_convertvector(u + 0.5F, IntVec), Vec);
}

struct Activated {
  Vec y;
  IntVec route;
};

inline Activated activate(Vec u, IntVec route, bool codes) {
  const IntVec none = IntVec{} - 1;
  if (codes) return {to_code(u), (u > 0.0F) & (u < 255.0F) ? route : none};
  return {u > 0.0F ? u : Vec{}, u > 0.0F ? route : none};
}

/// Register blocks that exist: the one with the fewest idle channels, the wider of equals.
int best_block(int channels) {
  const auto waste = [channels](int block) {
    return (channels + block - 1) / block * block - channels;
  };
  return waste(6) <= waste(4) ? 6 : 4;
}

/// Calls body.template operator()<Block>() for the block chosen.
template <class Body>
void with_block(int block, const Body& body) {
  if (block == 6) {
    body.template operator()<6>();
  } else {
    body.template operator()<4>();
  }
}

}  // namespace

ConvLayer::ConvLayer(const LayerShape& shape, std::span<const float> weights,
                     ConvActivation activation, bool needs_input_gradient)
    : shape_(shape),
      activation_(std::move(activation)),
      in_width_(shape.in_width + 2 * shape.pad),
      in_plane_(in_width_ * (shape.in_height + 2 * shape.pad)),
      grad_border_(std::max(0, shape.kernel - 1 - shape.pad)),
      grad_width_(shape.conv_width() + 2 * grad_border_),
      grad_plane_(grad_width_ * (shape.conv_height() + 2 * grad_border_)),
      block_(best_block(shape.out_channels)),
      in_block_(best_block(shape.in_channels)) {
  const int k = shape.kernel;
  const int fan_in = shape.fan_in();
  for (int c = 0; c < shape.in_channels; ++c)
    for (int i = 0; i < k * k; ++i) taps_.push_back(c * in_plane_ + i / k * in_width_ + i % k);
  packed_.assign(size_t{1} * ((shape.out_channels + block_ - 1) / block_) * block_ * fan_in, 0.0F);
  for (int o = 0; o < shape.out_channels; ++o)
    for (int tap = 0; tap < fan_in; ++tap)
      packed_[(size_t{1} * (o / block_) * fan_in + tap) * block_ + o % block_] =
          weights[o * fan_in + tap];
  if (!needs_input_gradient) return;
  const int grad_taps = shape.out_channels * k * k;
  for (int o = 0; o < shape.out_channels; ++o)
    for (int i = 0; i < k * k; ++i)
      grad_taps_.push_back(o * grad_plane_ + (shape.pad + grad_border_ - i / k) * grad_width_ +
                           (shape.pad + grad_border_ - i % k));
  grad_packed_.assign(
      size_t{1} * ((shape.in_channels + in_block_ - 1) / in_block_) * in_block_ * grad_taps, 0.0F);
  for (int c = 0; c < shape.in_channels; ++c)
    for (int tap = 0; tap < grad_taps; ++tap)
      grad_packed_[(size_t{1} * (c / in_block_) * grad_taps + tap) * in_block_ + c % in_block_] =
          weights[size_t{1} * (tap / (k * k)) * fan_in + c * k * k + tap % (k * k)];
}

ConvTarget ConvLayer::interior(Vec* input) const {
  return {input + shape_.pad * in_width_ + shape_.pad, in_plane_, in_width_};
}

void ConvLayer::forward(const Vec* input, const ConvTarget& output, IntVec* routes) const {
  const int out_h = shape_.out_height();
  const int out_w = shape_.out_width();
  const int fan_in = shape_.fan_in();
  const int out_plane = out_h * out_w;
  with_block(block_, [&]<int Block>() {
    // One position of the pooled output, or (without pooling) up to four outputs in a row.
    const int step = shape_.pool ? 1 : kPositions;
    for (int y = 0; y < out_h; ++y) {
      for (int x = 0; x < out_w; x += step) {
        std::array<const Vec*, kPositions> base{};
        const int valid = shape_.pool ? kPositions : std::min(kPositions, out_w - x);
        for (int p = 0; p < kPositions; ++p) {
          base[p] = shape_.pool ? input + (2 * y + p / 2) * in_width_ + 2 * x + p % 2
                                : input + y * in_width_ + x + std::min(p, valid - 1);
        }
        for (int first = 0; first < shape_.out_channels; first += Block) {
          Vec acc[kPositions][Block];
          tile_sums<Block>(base, taps_, packed_.data() + size_t{1} * first * fan_in, acc);
          const int channels = std::min(Block, shape_.out_channels - first);
          for (int c = 0; c < channels; ++c) {
            const int channel = first + c;
            const float offset = activation_.offset[channel];
            Vec* out = output.data + size_t{1} * channel * output.plane + y * output.row +
                       x * output.column;
            IntVec* route = routes + size_t{1} * channel * out_plane + y * out_w + x;
            if (shape_.pool) {
              Vec best = acc[0][c];
              IntVec at = IntVec{};
              for (int p = 1; p < kPositions; ++p) {
                at = acc[p][c] > best ? IntVec{} + p : at;
                best = acc[p][c] > best ? acc[p][c] : best;
              }
              const Activated result =
                  activate(best * activation_.scale + offset, at, activation_.codes);
              *out = result.y;
              *route = result.route;
            } else {
              for (int p = 0; p < valid; ++p) {
                const Activated result =
                    activate(acc[p][c] * activation_.scale + offset, IntVec{}, activation_.codes);
                out[p * output.column] = result.y;
                route[p] = result.route;
              }
            }
          }
        }
      }
    }
  });
}

void ConvLayer::backward_weights(const Vec* input, const ConvOutGradient& out_gradient,
                                 const IntVec* routes, Vec* sum_gradient, Vec* weight_lanes,
                                 Vec* bias_lanes) const {
  const int out_h = shape_.out_height();
  const int out_w = shape_.out_width();
  const int height = shape_.conv_height();
  const int width = shape_.conv_width();
  const int fan_in = shape_.fan_in();
  const int window = shape_.pool ? 2 : 1;
  for (int o = 0; o < shape_.out_channels; ++o) {
    Vec* plane =
        sum_gradient + size_t{1} * o * grad_plane_ + grad_border_ * grad_width_ + grad_border_;
    Vec total{};
    for (int y = 0; y < out_h; ++y) {
      for (int x = 0; x < out_w; ++x) {
        const size_t at = size_t{1} * (o * out_h + y) * out_w + x;
        const Vec gradient = out_gradient.data[at * out_gradient.step] * activation_.scale;
        const IntVec route = routes[at];
        total += route >= 0 ? gradient : Vec{};
        for (int p = 0; p < window * window; ++p)
          plane[(window * y + p / window) * grad_width_ + window * x + p % window] =
              route == p ? gradient : Vec{};
      }
    }
    bias_lanes[o] += total;
  }

  for (int first_tap = 0; first_tap < fan_in; first_tap += kTapBlock) {
    const int taps = std::min(kTapBlock, fan_in - first_tap);
    std::array<int, kTapBlock> distance{};
    for (int k = 0; k < kTapBlock; ++k) distance[k] = taps_[first_tap + std::min(k, taps - 1)];
    for (int o = 0; o < shape_.out_channels; o += kPairs) {
      const int other = std::min(o + 1, shape_.out_channels - 1);
      const Vec* left =
          sum_gradient + size_t{1} * o * grad_plane_ + grad_border_ * grad_width_ + grad_border_;
      const Vec* right = left + size_t{1} * (other - o) * grad_plane_;
      Vec acc[kPairs][kTapBlock] = {};
      for (int y = 0; y < height; ++y) {
        const Vec* row = input + y * in_width_;
        for (int x = 0; x < width; ++x) {
          const Vec d0 = left[y * grad_width_ + x];
          const Vec d1 = right[y * grad_width_ + x];
          for (int k = 0; k < kTapBlock; ++k) {
            const Vec in = row[x + distance[k]];
            acc[0][k] += d0 * in;
            acc[1][k] += d1 * in;
          }
        }
      }
      for (int k = 0; k < taps; ++k) {
        weight_lanes[size_t{1} * o * fan_in + first_tap + k] += acc[0][k];
        if (other != o) weight_lanes[size_t{1} * other * fan_in + first_tap + k] += acc[1][k];
      }
    }
  }
}

void ConvLayer::backward_input(const Vec* sum_gradient, Vec* in_gradient) const {
  const int in_plane = shape_.in_height * shape_.in_width;
  with_block(in_block_, [&]<int Block>() {
    for (int first = 0; first < in_plane; first += kPositions) {
      const int valid = std::min(kPositions, in_plane - first);
      std::array<const Vec*, kPositions> base{};
      for (int p = 0; p < kPositions; ++p) {
        const int at = first + std::min(p, valid - 1);
        base[p] = sum_gradient + at / shape_.in_width * grad_width_ + at % shape_.in_width;
      }
      for (int channel = 0; channel < shape_.in_channels; channel += Block) {
        Vec acc[kPositions][Block];
        tile_sums<Block>(base, grad_taps_, grad_packed_.data() + channel * grad_taps_.size(), acc);
        const int channels = std::min(Block, shape_.in_channels - channel);
        for (int c = 0; c < channels; ++c)
          for (int p = 0; p < valid; ++p)
            in_gradient[size_t{1} * (channel + c) * in_plane + first + p] = acc[p][c];
      }
    }
  });
}

}  // namespace crucible::models
