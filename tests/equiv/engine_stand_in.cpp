#include "tests/equiv/engine_stand_in.hpp"

namespace crucible::sim {

spec::HardwareConfig block_config() {
  spec::HardwareConfig config = spec::kConfigSmallSoc;
  config.memory_bytes = 65536;
  return config;
}

int64_t stand_in_result(const models::EngineJob& job, uint32_t read, uint32_t output,
                        const std::vector<uint8_t>& x) {
  uint64_t hash = job.bank * 0x9E3779B97F4A7C15u + read * 0xC2B2AE3D27D4EB4Fu +
                  output * 0x165667B19E3779F9u + job.adc * 0x27D4EB2F165667C5u + 1;
  int64_t sum = 0;
  for (const uint8_t value : x) {
    hash = hash * 6364136223846793005u + 1442695040888963407u;
    sum += value * (static_cast<int64_t>(hash >> 52) - 2048);
  }
  // Transparent: all 42 bits are there.
  return (job.adc >> 16 & 1) != 0 ? sum << 18 : sum;
}

StandIn::StandIn(const spec::HardwareConfig& config)
    : memory_(static_cast<size_t>(config.memory_bytes) / 4),
      input_(static_cast<size_t>(config.in_words)),
      output_(static_cast<size_t>(config.out_words)) {}

void StandIn::multiply_vector(const models::EngineJob& job, uint32_t k) {
  std::vector<uint8_t> x;
  for (uint32_t row = 0; row < job.rows; ++row)
    x.push_back(
        static_cast<uint8_t>(input_.at(job.in + k * job.stride + row / 4) >> 8 * (row % 4)));
  for (uint32_t output = 0; output < job.cols / 4; ++output)
    output_.at(job.out + k * job.cols / 4 + output) = stand_in_result(job, job.read + k, output, x);
}

void StandIn::multiply(const models::EngineJob& job) {
  jobs.push_back(job);
  for (uint32_t k = 0; k < job.count; ++k) multiply_vector(job, k);
}

void SlowTile::take(const models::EngineJob& job) {
  board_.jobs.push_back(job);
  if (under_way_.empty()) {
    vector_ = 0;
    left_ = 1 + static_cast<uint32_t>(random_() % slowest_);
    last_vector_ = job.count == 1;
  }
  under_way_.push_back(job);
}

bool SlowTile::product() {
  if (under_way_.empty() || hangs || --left_ > 0) return false;
  const models::EngineJob job = under_way_.front();
  board_.multiply_vector(job, vector_);
  left_ = 1 + static_cast<uint32_t>(random_() % slowest_);
  if (++vector_ == job.count) {
    under_way_.pop_front();
    vector_ = 0;
  }
  last_vector_ = !under_way_.empty() && vector_ + 1 == under_way_.front().count;
  return true;
}

}  // namespace crucible::sim
