// A network programmed on a board in process, and what the twin says. For tests.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "host/board/board_runner.hpp"
#include "models/error.hpp"
#include "models/network/twin_engine.hpp"
#include "tests/unit/firmware_board.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::board {

/// Stands for an ELF: the in-process board has its firmware already.
inline FirmwareImage no_image() {
  return {
      "firmware", FW_VERSION, spec::kMapHash, {{spec::kWindowMemory, std::vector<uint8_t>(64)}}};
}

/// A random network of every kind of layer, on a tile with offsets, stuck cells and noise a column.
inline models::CompiledNetwork noisy_network(models::testing::Random& random,
                                             const models::TileGeometry& geometry) {
  const models::QuantisedNetwork network =
      models::testing::random_network(random, models::testing::small_shapes());
  models::TileSettings common;
  common.inject = true;
  common.base = 32;
  common.effects.stuck = true;
  common.effects.noise = models::ReadNoise::kColumn;
  common.effects.noise_seed = 5;
  common.effects.noise_cell = 40 << 8;
  models::AdcPlan plan;
  plan.step_exp = {0, 0, 0, -1};
  return models::compile(network, geometry, common, plan);
}

struct TestBoard {
  explicit TestBoard(const spec::HardwareConfig& config) {
    auto owned = std::make_unique<FirmwareBoard>(config);
    port = owned.get();
    device = std::make_unique<driver::Accelerator>(std::move(owned));
    runner = std::make_unique<BoardRunner>(*device, no_image());
  }
  void program(const models::CompiledNetwork& network, const models::ChipOffsets& offsets,
               const models::ChipStuck& stuck = {}, Path path = Path::kEngine) {
    device->program_levels(network.levels, network.geometry.banks);
    device->update_offsets(offsets, network.geometry.banks);
    if (!stuck.empty()) device->program_stuck(stuck, network.geometry.banks);
    runner->load(network, path);
  }

  FirmwareBoard* port = nullptr;
  std::unique_ptr<driver::Accelerator> device;
  std::unique_ptr<BoardRunner> runner;
};

inline std::vector<int64_t> twin_logits(const models::CompiledNetwork& network,
                                        const models::ChipOffsets& offsets,
                                        std::span<const uint8_t> images, int count,
                                        const models::ChipStuck& stuck = {}, int first_image = 0) {
  models::TwinEngine twin(network, offsets, models::best_kernel(), stuck);
  std::vector<int64_t> logits(static_cast<size_t>(count * network.classes()));
  models::run_pipeline(network, twin, images, count, logits, {}, first_image);
  return logits;
}

/// Of images whose labels are given.
inline uint32_t correct_answers(const models::CompiledNetwork& network,
                                std::span<const int64_t> logits, std::span<const uint8_t> labels) {
  const auto classes = static_cast<size_t>(network.classes());
  uint32_t correct = 0;
  for (size_t i = 0; i < labels.size(); ++i)
    correct += models::predicted_class(logits.subspan(i * classes, classes)) == labels[i] ? 1 : 0;
  return correct;
}

inline std::string message_of(const std::function<void()>& action, ErrorKind kind) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

inline void expect_says(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\n  lacks: " << part;
}

}  // namespace crucible::board
