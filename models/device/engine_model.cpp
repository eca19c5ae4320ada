#include "models/device/engine_model.hpp"

namespace crucible::models {

uint32_t EngineModel::read(uint32_t address) const {
  switch (address) {
    case spec::kRegEngineInfo:
      return activation_bytes_ | EngineDescriptor::kMostLayers << spec::kEngineInfoMostLayersLsb;
    case spec::kRegEngineNetwork:
      return request_.network;
    case spec::kRegEngineLayers:
      return request_.layers;
    case spec::kRegEngineImages:
      return request_.images;
    case spec::kRegEngineCount:
      return request_.count;
    case spec::kRegEngineFirst:
      return request_.first;
    case spec::kRegEngineLogits:
      return request_.logits;
    case spec::kRegEngineStatus:
      return (busy_ ? spec::kEngineStatusBusyMask : 0) |
             outcome_.reason << spec::kEngineStatusReasonLsb |
             outcome_.layer << spec::kEngineStatusLayerLsb |
             outcome_.word << spec::kEngineStatusWordLsb;
    case spec::kRegEngineValue:
      return outcome_.value;
    case spec::kRegEngineDone:
      return outcome_.done;
    case spec::kRegEngineCycles:
      return cycles_;
    default:
      return tile_cycles_;
  }
}

void EngineModel::write(uint32_t address, uint32_t word) {
  switch (address) {
    case spec::kRegEngineNetwork:
      request_.network = word;
      break;
    case spec::kRegEngineLayers:
      request_.layers = word;
      break;
    case spec::kRegEngineImages:
      request_.images = word;
      break;
    case spec::kRegEngineCount:
      request_.count = word;
      break;
    case spec::kRegEngineFirst:
      request_.first = word;
      break;
    case spec::kRegEngineLogits:
      request_.logits = word;
      break;
    default:
      break;
  }
}

void EngineModel::end(const EngineOutcome& outcome, uint64_t cycles, uint64_t tile_cycles) {
  busy_ = false;
  outcome_ = outcome;
  cycles_ = static_cast<uint32_t>(cycles);
  tile_cycles_ = static_cast<uint32_t>(tile_cycles);
}

}  // namespace crucible::models
