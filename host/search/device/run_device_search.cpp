#include "host/search/device/run_device_search.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include "host/search/equal_work.hpp"
#include "host/search/registry.hpp"

namespace crucible::search {

namespace {

std::string start_word(const models::WeightDelta& start) {
  if (start.empty()) return "origin";
  uLong crc = 0;
  for (const auto& layer : start)
    crc = crc32_z(crc, reinterpret_cast<const Bytef*>(layer.data()), layer.size() * sizeof(float));
  return fmt::format("{:08x}", crc);
}

}  // namespace

DeviceSearchResult run_device_search(const DeviceProblem& problem, const std::string& method,
                                     const SearchSettings& settings, const Progress& progress,
                                     CheckpointFile* checkpoint) {
  const DeviceMethodEntry& entry = find_device_method(method);
  const Facts device{{"device", problem.device.identity()}, {"from", start_word(problem.start)}};
  Facts equal = device;
  equal["bytes of every offset"] = std::to_string(problem.device.dense_bytes());
  require_equal_work(problem.problem, method, settings, equal);
  Arena arena(problem.problem);
  Point start =
      problem.start.empty() ? arena.space().origin() : point_of(problem.problem.box, problem.start);
  const std::unique_ptr<IDeviceSearch> search =
      entry.make({arena, problem.device, problem.compiled, std::move(start)},
                 scaled(entry.measurements, settings));
  if (checkpoint != nullptr) {
    checkpoint->identify(identity_of(problem.problem, method, settings));
    checkpoint->identify(device);
  }
  const Stop stop = drive(arena, *search, settings, progress, checkpoint);
  DeviceSearchResult result{.search = arena.result(stop), .device = search->session().statistics()};
  result.search.accuracy = static_cast<double>(arena.correct()) / arena.objective().count();
  return result;
}

}  // namespace crucible::search
