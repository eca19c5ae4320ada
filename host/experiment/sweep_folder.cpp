#include "host/experiment/sweep_folder.hpp"

namespace crucible::experiment {

Sweep SweepFolder::open(const SweepSettings& settings, StudyStart start) const {
  const auto document = folder_.open(settings, start, {"sweep.csv", "sweep.svg"});
  Sweep sweep;
  sweep.settings = settings;
  if (!document) return sweep;
  try {
    sweep = sweep_from_json(*document);
  } catch (const nlohmann::json::exception& error) {
    folder_.refuse(error.what());
  }
  sweep.seconds = folder_.seconds();
  return sweep;
}

void SweepFolder::save(const Sweep& sweep) const { folder_.save(sweep_json(sweep), sweep.seconds); }

void SweepFolder::save_all(const Sweep& sweep) const {
  folder_.save("sweep.csv", sweep_csv(sweep));
  folder_.save("sweep.svg", sweep_svg(sweep));
  save(sweep);
}

}  // namespace crucible::experiment
