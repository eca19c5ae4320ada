#include "host/search/device/device_session.hpp"
#include "host/search/device/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/search/device/readings.hpp"
#include "models/error.hpp"

namespace crucible::search {

namespace {

constexpr float kTemperature = 0.2F;  // of the twin's mean |margin|
/// A poke sends a word for a cell of one byte, and a weight moves two cells of its four: a share of
/// s of the weights costs 2 s of all offsets, and twice that where idle cells move too.

double share_of(uint64_t bytes, const DeviceStatistics& statistics) {
  const auto all = static_cast<double>(statistics.accepted * statistics.dense_bytes);
  return all > 0 ? static_cast<double>(bytes) / all : 0.0;
}

}  // namespace

double DeviceStatistics::accepted_share() const { return share_of(accepted_bytes, *this); }
double DeviceStatistics::total_share() const { return share_of(bytes, *this); }

DeviceSession::DeviceSession(Arena& arena, IChipEvaluator& device,
                             const models::CompiledNetwork& compiled, Point start)
    : arena_(arena),
      device_(device),
      compiled_(compiled),
      z_(std::move(start)),
      held_(compiled.geometry.cells(), 0) {
  for (const auto& layer : z_) weights_ += layer.size();
  if (device.images() == arena.objective().count()) return;
  throw Error(
      ErrorKind::kUsage,
      fmt::format("search: the device measures {} images, the problem has {}; give both the "
                  "same",
                  device.images(), arena.objective().count()));
}

size_t DeviceSession::sparse_step() const { return search::sparse_step(weights_); }

float DeviceSession::temperature() const { return kTemperature * arena_.unit(); }

DeviceScore DeviceSession::measure(const Point& z, Read read) {
  const SearchProblem& problem = arena_.problem();
  const SearchSpace& space = arena_.space();
  models::ChipOffsets offsets =
      models::realise(problem.network, compiled_, problem.box, space.on_grid(space.delta(z)));
  readings_ = device_.measure(offsets, read);
  ++statistics_.measurements;
  statistics_.bytes += device_.update_bytes(held_, offsets);
  held_ = std::move(offsets);
  return {.correct = count_correct(readings_, problem.labels),
          .loss = smooth_count(readings_, problem.labels, temperature())};
}

void DeviceSession::begin(Read read) {
  score_ = measure(z_, read);
  arena_.restart_at(z_, score_.correct);
  accepted_ = held_;
  // The start is not a step.
  statistics_ = {
      .measurements = 1, .dense_bytes = device_.dense_bytes(), .first_correct = score_.correct};
}

void DeviceSession::accept(Point z, const DeviceScore& score) {
  ++statistics_.accepted;
  statistics_.accepted_bytes += device_.update_bytes(accepted_, held_);
  accepted_ = held_;
  z_ = std::move(z);
  score_ = score;
  arena_.offer(z_, score_.correct);
}

bool DeviceSession::attempt(Point z, bool level, Read read) {
  const DeviceScore score = measure(z, read);
  arena_.offer(z, score.correct);
  const bool taken = level ? !score_.better_than(score) : score.better_than(score_);
  if (taken) accept(std::move(z), score);
  return taken;
}

void DeviceSession::report() {
  const auto count = static_cast<double>(arena_.objective().count());
  arena_.report(score_.loss / count, score_.correct / count,
                arena_.space().deviation(arena_.space().delta(z_)));
}

void DeviceSession::save(OutArchive& archive) const {
  archive(z_, score_.correct, score_.loss, statistics_, held_, accepted_);
}

void DeviceSession::load(InArchive& archive) {
  archive(z_, score_.correct, score_.loss, statistics_, held_, accepted_);
}

Point point_of(const models::WeightBox& box, const models::WeightDelta& delta) {
  Point z = delta;
  for_each_coordinate(
      [](float& d, const float& lo, const float& hi) {
        d = hi > lo ? std::clamp((2 * d - lo - hi) / (hi - lo), -1.0F, 1.0F) : 0.0F;
      },
      z, box.lo, box.hi);
  return z;
}

}  // namespace crucible::search
