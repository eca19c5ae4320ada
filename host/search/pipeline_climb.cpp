#include "host/search/pipeline_climb.hpp"

#include "host/search/device/i_chip_evaluator.hpp"
#include "host/search/device/readings.hpp"
#include "host/search/loss/loss.hpp"

namespace crucible::search {

namespace {

constexpr float kTemperature = 0.05F;            // of the mean |margin|
constexpr double kFirstStep = 0.3, kEnd = 0.02;  // half boxes

}  // namespace

PipelineClimb::PipelineClimb(Arena& arena, int steps) : arena_(arena), steps_(steps) {}

void PipelineClimb::begin() {
  z_ = arena_.best();
  optimiser_ = find_optimiser("sign-momentum").make(z_);
}

bool PipelineClimb::advance() {
  const bool first = z_.empty();
  if (first) begin();
  const SearchProblem& problem = arena_.problem();
  Objective& objective = arena_.objective();
  const models::WeightDelta delta = arena_.space().on_grid(arena_.space().delta(z_));
  const models::LayerReadings readings = problem.pipeline->chip.measure(
      models::realise(problem.network, problem.pipeline->compiled, problem.box, delta),
      Read::kActivations);
  const int correct = count_correct(readings, problem.labels);
  if (first || correct < correct_) {
    correct_ = correct;
    arena_.restart_at(z_, objective.count_correct(z_));
  }
  const auto count = static_cast<double>(objective.count());
  const double deviation = arena_.space().deviation(delta);
  if (step_ == steps_ || correct == 0) {
    arena_.report(0.0, correct / count, deviation);
    return false;
  }
  const BatchResult here = objective.evaluate_readings(
      z_, soft_count({.temperature = kTemperature * arena_.unit()}), readings);
  arena_.report(here.loss / count, correct / count, deviation);
  optimiser_->step(
      z_, objective.gradient(),
      {.step = step_, .steps = steps_, .first = kFirstStep, .last = kEnd, .radius = 1.0F});
  ++step_;
  return true;
}

void PipelineClimb::save(OutArchive& archive) const {
  archive(step_, z_, correct_);
  if (!z_.empty()) optimiser_->save(archive);
}

void PipelineClimb::load(InArchive& archive) {
  archive(step_, z_, correct_);
  if (z_.empty()) return;
  optimiser_ = find_optimiser("sign-momentum").make(z_);
  optimiser_->load(archive);
}

}  // namespace crucible::search
