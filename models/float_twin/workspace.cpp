#include "models/float_twin/workspace.hpp"

namespace crucible::models {

using lanes::IntVec;
using lanes::kLanes;
using lanes::Vec;

namespace {

constexpr int kGroups = FloatTwin::kChunk / kLanes;
static_assert(FloatTwin::kChunk % kLanes == 0);

}  // namespace

bool FloatWorkspace::Buffers::fits(const FloatTwin::Plan& plan) const {
  if (conv.size() != plan.conv.size() || dense.size() != plan.dense.size()) return false;
  for (size_t i = 0; i < conv.size(); ++i) {
    const ConvLayer& layer = plan.conv[i];
    if (conv[i].input.size() != kGroups * layer.input_size() ||
        conv[i].routes.size() != kGroups * layer.routes_size() ||
        conv[i].sum_gradient.size() != layer.sum_gradient_size() ||
        conv[i].weight_lanes.size() != static_cast<size_t>(layer.shape().weight_count()))
      return false;
  }
  for (size_t i = 0; i < dense.size(); ++i) {
    if (dense[i].x.size() != size_t{1} * kGroups * plan.dense[i].inputs() ||
        dense[i].u.size() != size_t{1} * kGroups * plan.dense[i].outputs())
      return false;
  }
  return true;
}

void FloatWorkspace::Buffers::fit(const FloatTwin::Plan& plan) {
  if (fits(plan)) return;
  conv.clear();
  dense.clear();
  for (const ConvLayer& layer : plan.conv) {
    Conv buffers;
    buffers.input = lanes::Array<Vec>(kGroups * layer.input_size());
    buffers.routes = lanes::Array<IntVec>(kGroups * layer.routes_size());
    buffers.sum_gradient = lanes::Array<Vec>(layer.sum_gradient_size());
    buffers.in_gradient = lanes::Array<Vec>(layer.shape().in_size());
    buffers.weight_lanes = lanes::Array<Vec>(layer.shape().weight_count());
    buffers.bias_lanes = lanes::Array<Vec>(layer.shape().out_channels);
    conv.push_back(std::move(buffers));
  }
  for (const DenseLayer& layer : plan.dense) {
    Dense buffers;
    buffers.x = lanes::Array<Vec>(size_t{1} * kGroups * layer.inputs());
    buffers.in_gradient = lanes::Array<Vec>(size_t{1} * kGroups * layer.inputs());
    buffers.u = lanes::Array<Vec>(size_t{1} * kGroups * layer.outputs());
    dense.push_back(std::move(buffers));
  }
  out_gradient = lanes::Array<Vec>(size_t{1} * kGroups * plan.dense.back().outputs());
}

FloatWorkspace::FloatWorkspace() : buffers_(std::make_unique<Buffers>()) {}
FloatWorkspace::~FloatWorkspace() = default;
FloatWorkspace::FloatWorkspace(FloatWorkspace&&) noexcept = default;
FloatWorkspace& FloatWorkspace::operator=(FloatWorkspace&&) noexcept = default;

}  // namespace crucible::models
