#include "models/float_twin/float_twin.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.hpp"
#include "models/float_twin/workspace.hpp"

namespace crucible::models {

using lanes::IntVec;
using lanes::kLanes;
using lanes::Vec;

namespace {

int groups_of(int count) { return (count + kLanes - 1) / kLanes; }

/// A convolution over its whole input without padding is a product, in the same order of inputs.
bool is_dense(const LayerShape& shape) {
  return shape.kind == LayerKind::kFullyConnected ||
         (shape.positions() == 1 && shape.pad == 0 && !shape.pool);
}

/// A device's codes [n][out_size] in place of a convolution's outputs, one image a lane. A code at
/// a clamp passes no gradient; an active one whose position in the window the twin does not know
/// (it clamps there) takes the first.
void impose(const std::vector<uint8_t>& codes, std::span<const int> index, const LayerShape& shape,
            const ConvTarget& out, IntVec* routes) {
  const auto size = static_cast<size_t>(shape.out_size());
  const int width = shape.out_width(), plane = shape.out_height() * width;
  for (int i = 0; i < shape.out_size(); ++i) {
    Vec& y = out.data[i / plane * out.plane + i % plane / width * out.row + i % width * out.column];
    for (size_t lane = 0; lane < index.size(); ++lane) {
      const uint8_t code = codes[static_cast<size_t>(index[lane]) * size + static_cast<size_t>(i)];
      y[lane] = static_cast<float>(code);
      const bool active = code > 0 && code < 255;
      routes[i][lane] = active ? std::max(routes[i][lane], 0) : -1;
    }
  }
}

/// The same for a fully connected layer's outputs: u and y are [outputs][stride].
void impose(const std::vector<uint8_t>& codes, std::span<const int> index, int outputs, int stride,
            float* u, float* y) {
  for (size_t i = 0; i < index.size(); ++i)
    for (int o = 0; o < outputs; ++o) {
      const size_t at = size_t{1} * o * stride + i;
      u[at] = y[at] = static_cast<float>(codes[size_t{1} * index[i] * outputs + o]);
    }
}

}  // namespace

FloatTwin::FloatTwin(const QuantisedNetwork& network, const WeightDelta& weights,
                     Activations activations) {
  auto plan = std::make_unique<Plan>();
  const bool codes = activations == Activations::kCodes;
  plan->input_size = network.layers.front().shape.in_size();
  for (size_t i = 0; i < network.layers.size(); ++i) {
    const QuantisedLayer& layer = network.layers[i];
    const bool last = i + 1 == network.layers.size();
    const double y_scale = last ? 1.0 : network.layers[i + 1].x_scale;
    const double unit = layer.w_scale * layer.x_scale;
    const auto scale = static_cast<float>(unit / y_scale);
    std::vector<float> offset;
    for (const float b : layer.bias) offset.push_back(static_cast<float>(b / y_scale));
    plan->bias_unit.push_back(static_cast<float>(1.0 / unit));
    if (is_dense(layer.shape)) {
      plan->dense.emplace_back(layer.shape.in_size(), layer.shape.out_channels, weights[i], scale,
                               std::move(offset), codes, last);
      continue;
    }
    if (last || !plan->dense.empty())
      throw Error(
          ErrorKind::kUsage,
          fmt::format(
              "network '{}': layer {} ({}) is a convolution {}; the float twin takes convolutions "
              "first and fully connected layers after them",
              network.name, i, layer.shape.name,
              last ? "and the last layer" : "after a fully connected layer"));
    plan->conv.emplace_back(layer.shape, weights[i],
                            ConvActivation{scale, std::move(offset), codes},
                            /*needs_input_gradient=*/i > 0);
  }
  plan_ = std::move(plan);
}
FloatTwin::~FloatTwin() = default;
FloatTwin::FloatTwin(FloatTwin&&) noexcept = default;
FloatTwin& FloatTwin::operator=(FloatTwin&&) noexcept = default;

int FloatTwin::input_size() const { return plan_->input_size; }
int FloatTwin::classes() const { return plan_->dense.back().outputs(); }

void FloatTwin::forward(std::span<const uint8_t> images, std::span<const int> index,
                        FloatWorkspace& workspace, std::span<float> logits,
                        const LayerReadings* readings) const {
  FloatWorkspace::Buffers& buffers = *workspace.buffers_;
  buffers.fit(*plan_);
  const int count = static_cast<int>(index.size());
  buffers.count = count;
  const int groups = groups_of(count);
  const int stride = groups * kLanes;
  const size_t size = static_cast<size_t>(plan_->input_size);

  if (plan_->conv.empty()) {
    float* x = lanes::floats(buffers.dense[0].x.data());
    for (int i = 0; i < stride; ++i)
      for (size_t k = 0; k < size; ++k)
        x[k * stride + i] = i < count ? static_cast<float>(images[index[i] * size + k]) : 0.0F;
  }
  for (int group = 0; group < groups && !plan_->conv.empty(); ++group) {
    const LayerShape& first = plan_->conv[0].shape();
    const ConvTarget target =
        plan_->conv[0].interior(buffers.conv[0].input.data() + group * plan_->conv[0].input_size());
    for (int lane = 0; lane < kLanes; ++lane) {
      const int i = group * kLanes + lane;
      const uint8_t* pixel = i < count ? images.data() + index[i] * size : nullptr;
      for (int c = 0; c < first.in_channels; ++c)
        for (int y = 0; y < first.in_height; ++y) {
          float* row = lanes::floats(target.data + c * target.plane + y * target.row) + lane;
          for (int x = 0; x < first.in_width; ++x)
            row[x * kLanes] = pixel != nullptr ? static_cast<float>(*pixel++) : 0.0F;
        }
    }
    for (size_t l = 0; l < plan_->conv.size(); ++l) {
      const ConvLayer& layer = plan_->conv[l];
      ConvTarget out;
      if (l + 1 < plan_->conv.size()) {
        const ConvLayer& next = plan_->conv[l + 1];
        out = next.interior(buffers.conv[l + 1].input.data() + group * next.input_size());
      } else {
        const int width = layer.shape().out_width();
        out = {buffers.dense[0].x.data() + group, layer.shape().out_height() * width * groups,
               width * groups, groups};
      }
      layer.forward(buffers.conv[l].input.data() + group * layer.input_size(), out,
                    buffers.conv[l].routes.data() + group * layer.routes_size());
      if (readings == nullptr) continue;
      const int first_image = group * kLanes;
      const auto lanes_used = static_cast<size_t>(std::min(kLanes, count - first_image));
      impose(readings->activations[l], index.subspan(static_cast<size_t>(first_image), lanes_used),
             layer.shape(), out, buffers.conv[l].routes.data() + group * layer.routes_size());
    }
  }
  const size_t layers = plan_->dense.size();
  for (size_t l = 0; l < layers; ++l) {
    plan_->dense[l].forward(
        lanes::floats(buffers.dense[l].x.data()), stride, lanes::floats(buffers.dense[l].u.data()),
        l + 1 < layers ? lanes::floats(buffers.dense[l + 1].x.data()) : nullptr);
    if (readings == nullptr || l + 1 == layers) continue;
    impose(readings->activations[plan_->conv.size() + l], index, plan_->dense[l].outputs(), stride,
           lanes::floats(buffers.dense[l].u.data()), lanes::floats(buffers.dense[l + 1].x.data()));
  }
  const float* u = lanes::floats(buffers.dense.back().u.data());
  const int outputs = classes();
  for (int i = 0; i < count; ++i)
    for (int o = 0; o < outputs; ++o)
      logits[i * outputs + o] = readings != nullptr
                                    ? readings->logits[size_t{1} * index[i] * outputs + o]
                                    : u[o * stride + i];
}

void FloatTwin::backward(std::span<const float> dlogits, FloatWorkspace& workspace,
                         NetworkGradient& gradient) const {
  FloatWorkspace::Buffers& buffers = *workspace.buffers_;
  const int count = buffers.count;
  const int groups = groups_of(count);
  const int stride = groups * kLanes;
  const int outputs = classes();
  const size_t convs = plan_->conv.size();

  float* out_gradient = lanes::floats(buffers.out_gradient.data());
  for (int o = 0; o < outputs; ++o)
    for (int i = 0; i < stride; ++i)
      out_gradient[o * stride + i] = i < count ? dlogits[i * outputs + o] : 0.0F;
  for (size_t l = plan_->dense.size(); l-- > 0;) {
    const DenseLayer& layer = plan_->dense[l];
    float* in_gradient =
        l + convs > 0 ? lanes::floats(buffers.dense[l].in_gradient.data()) : nullptr;
    layer.backward(lanes::floats(buffers.dense[l].x.data()),
                   lanes::floats(buffers.dense[l].u.data()), stride, out_gradient,
                   gradient.weights[convs + l], in_gradient);
    for (int o = 0; o < layer.outputs(); ++o) {
      float sum = 0.0F;
      for (int i = 0; i < stride; ++i) sum += out_gradient[o * stride + i];
      gradient.bias[convs + l][o] += sum * plan_->bias_unit[convs + l];
    }
    out_gradient = in_gradient;
  }
  if (convs == 0) return;

  for (auto& layer : buffers.conv) {
    std::fill_n(layer.weight_lanes.data(), layer.weight_lanes.size(), Vec{});
    std::fill_n(layer.bias_lanes.data(), layer.bias_lanes.size(), Vec{});
  }
  for (int group = 0; group < groups; ++group) {
    const auto first = dlogits.begin() + group * kLanes * outputs;
    const auto last = dlogits.begin() + std::min(count, (group + 1) * kLanes) * outputs;
    if (std::all_of(first, last, [](float d) { return d == 0.0F; })) continue;
    ConvOutGradient from{buffers.dense[0].in_gradient.data() + group, groups};
    for (size_t l = convs; l-- > 0;) {
      const ConvLayer& layer = plan_->conv[l];
      auto& buffer = buffers.conv[l];
      layer.backward_weights(buffer.input.data() + group * layer.input_size(), from,
                             buffer.routes.data() + group * layer.routes_size(),
                             buffer.sum_gradient.data(), buffer.weight_lanes.data(),
                             buffer.bias_lanes.data());
      if (l == 0) break;
      layer.backward_input(buffer.sum_gradient.data(), buffer.in_gradient.data());
      from = {buffer.in_gradient.data(), 1};
    }
  }
  for (size_t l = 0; l < convs; ++l) {
    const auto& buffer = buffers.conv[l];
    for (size_t i = 0; i < buffer.weight_lanes.size(); ++i)
      gradient.weights[l][i] += lanes::sum_of_lanes(buffer.weight_lanes.data()[i]);
    for (size_t o = 0; o < buffer.bias_lanes.size(); ++o)
      gradient.bias[l][o] += lanes::sum_of_lanes(buffer.bias_lanes.data()[o]) * plan_->bias_unit[l];
  }
}

void FloatTwin::activation_maxima(const FloatWorkspace& workspace, std::span<float> maxima) const {
  const FloatWorkspace::Buffers& buffers = *workspace.buffers_;
  const int groups = groups_of(buffers.count);
  const auto widest = [&](const Vec* data, size_t step, size_t size, int group) {
    const int lanes_used = std::min(kLanes, buffers.count - group * kLanes);
    float most = 0.0F;
    for (size_t i = 0; i < size; ++i)
      for (int lane = 0; lane < lanes_used; ++lane)
        most = std::max(most, lanes::floats(data + i * step)[lane]);
    return most;
  };
  // Layer l's output is layer l + 1's input.
  for (size_t l = 1; l < plan_->conv.size() + plan_->dense.size(); ++l) {
    float most = 0.0F;
    for (int group = 0; group < groups; ++group) {
      if (l < plan_->conv.size()) {
        const size_t size = plan_->conv[l].input_size();
        most = std::max(most, widest(buffers.conv[l].input.data() + group * size, 1, size, group));
      } else {
        const auto& dense = buffers.dense[l - plan_->conv.size()];
        most = std::max(
            most,
            widest(dense.x.data() + group, static_cast<size_t>(groups),
                   static_cast<size_t>(plan_->dense[l - plan_->conv.size()].inputs()), group));
      }
    }
    maxima[l - 1] = std::max(maxima[l - 1], most);
  }
}

}  // namespace crucible::models
