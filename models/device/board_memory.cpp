#include "models/device/board_memory.hpp"

#include <algorithm>

namespace crucible::models {

size_t BoardMemory::inside(uint32_t address, size_t count, uint32_t step) const {
  const size_t first = (address - spec::kWindowMemory) / sizeof(uint32_t);
  if (address % sizeof(uint32_t) != 0 || first >= words_.size()) return 0;
  return step == 0 ? count : std::min(count, words_.size() - first);
}

BusResult BoardMemory::read(uint32_t address, std::span<uint32_t> words) {
  const size_t good = inside(address, words.size(), sizeof(uint32_t));
  if (good < words.size()) return {spec::Status::kBadAddress, good};
  std::copy_n(words_.begin() + (address - spec::kWindowMemory) / sizeof(uint32_t), words.size(),
              words.begin());
  return {};
}

BusResult BoardMemory::write(uint32_t address, std::span<const uint32_t> words, uint32_t step) {
  const size_t good = inside(address, words.size(), step);
  if (good < words.size()) return {spec::Status::kBadAddress, good};
  const size_t first = (address - spec::kWindowMemory) / sizeof(uint32_t);
  if (step == 0)
    words_[first] = words.back();
  else
    std::copy(words.begin(), words.end(), words_.begin() + static_cast<std::ptrdiff_t>(first));
  return {};
}

}  // namespace crucible::models
