#include "models/device/engine_model.hpp"

namespace crucible::models {
namespace {

constexpr size_t index(uint32_t address) { return (address - spec::kRegEngineInfo) / 4; }

}  // namespace

EngineModel::EngineModel() {
  for (const spec::RegisterInfo& known : spec::kRegisters)
    if (known.address >= spec::kRegEngineInfo) registers_[index(known.address)] = known.reset;
}

uint32_t EngineModel::read(uint32_t address) const { return registers_[index(address)]; }

void EngineModel::write(uint32_t address, uint32_t word) { registers_[index(address)] = word; }

}  // namespace crucible::models
