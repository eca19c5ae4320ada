#include "host/search/checkpoint.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cereal/types/map.hpp>
#include <cstring>
#include <fstream>
#include <sstream>

#include "host/search/device/i_chip_evaluator.hpp"
#include "models/error.hpp"

namespace crucible::search {

namespace {

constexpr const char* kFormat = "crucible.checkpoint/1";
constexpr char kThere = '+';  // before a file's bytes, on their way to the other workers

uint32_t crc_of(uint32_t seed, const void* bytes, size_t size) {
  return static_cast<uint32_t>(crc32_z(seed, static_cast<const Bytef*>(bytes), size));
}

template <class T>
uint32_t crc_of(uint32_t seed, std::span<const T> values) {
  return crc_of(seed, values.data(), values.size_bytes());
}

std::string network_word(const models::QuantisedNetwork& network) {
  uint32_t crc = 0;
  for (const models::QuantisedLayer& layer : network.layers) {
    crc = crc_of(crc, std::span<const int8_t>(layer.weights));
    crc = crc_of(crc, std::span<const float>(layer.bias));
    crc = crc_of(crc, &layer.w_scale, sizeof layer.w_scale);
    crc = crc_of(crc, &layer.x_scale, sizeof layer.x_scale);
  }
  return fmt::format("{} {:08x}", network.name, crc);
}

std::string box_word(const models::WeightBox& box) {
  uint32_t crc = 0;
  for (const auto& layer : box.lo) crc = crc_of(crc, std::span<const float>(layer));
  for (const auto& layer : box.hi) crc = crc_of(crc, std::span<const float>(layer));
  return fmt::format("{} {:08x}", box.bound.describe(), crc);
}

}  // namespace

CheckpointIdentity identity_of(const SearchProblem& problem, const std::string& method,
                               const SearchSettings& settings) {
  const uint32_t images = crc_of(crc_of(0, problem.images), problem.labels);
  return {{"format", kFormat},
          {"network", network_word(problem.network)},
          {"bound", box_word(problem.box)},
          {"images", fmt::format("{} {:08x}", problem.labels.size(), images)},
          {"seed", std::to_string(problem.seed)},
          {"method", method},
          {"effort", fmt::format("{}", settings.effort)},
          {"loss", settings.loss},
          {"optimiser", settings.optimiser},
          {"start", settings.start},
          {"restarts", std::to_string(settings.restarts)},
          {"until", fmt::format("{}", problem.until)},
          {"pipeline", problem.pipeline != nullptr ? problem.pipeline->chip.identity() : "none"}};
}

void CheckpointFile::save(const Arena& arena, const ISearch& search) const {
  if (!is_first(workers_)) return;
  std::ostringstream body;
  {
    OutArchive archive(body);
    search.save(archive);
    arena.save(archive);
  }
  const std::string bytes = std::move(body).str();
  const std::filesystem::path fresh = path_.string() + ".new";
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    OutArchive archive(out);
    archive(std::string(kFormat), identity_, crc_of(0, bytes.data(), bytes.size()), bytes);
    out.flush();
    if (!out)
      throw Error(ErrorKind::kData,
                  fmt::format("checkpoint {}: cannot be written ({}); is the disk full?",
                              fresh.string(), std::strerror(errno)));
  }
  std::error_code failure;
  std::filesystem::rename(fresh, path_, failure);
  if (failure)
    throw Error(ErrorKind::kData, fmt::format("checkpoint {}: cannot be replaced: {}",
                                              path_.string(), failure.message()));
}

bool CheckpointFile::load(Arena& arena, ISearch& search) const {
  std::ostringstream read;
  if (is_first(workers_)) {
    std::ifstream file(path_, std::ios::binary);
    if (file) read << kThere << file.rdbuf();
  }
  std::istringstream in(text_of_first(workers_, read.str()));
  if (in.get() != kThere) return false;
  std::string format, bytes;
  CheckpointIdentity identity;
  uint32_t crc = 0;
  try {
    InArchive archive(in);
    archive(format);
    if (format == kFormat) archive(identity, crc, bytes);
  } catch (const std::exception&) {
    bytes.clear();
  }
  if (format != kFormat || bytes.empty() || crc != crc_of(0, bytes.data(), bytes.size()))
    throw Error(ErrorKind::kData,
                fmt::format("checkpoint {}: not a whole {} file; delete it to start anew",
                            path_.string(), kFormat));
  std::string differences;
  for (const auto& [name, value] : identity_) {
    const auto theirs = identity.find(name);
    if (theirs != identity.end() && theirs->second == value) continue;
    differences += fmt::format("\n  {}: the checkpoint has '{}', this run has '{}'", name,
                               theirs == identity.end() ? "nothing" : theirs->second, value);
  }
  for (const auto& [name, value] : identity) {
    if (!identity_.contains(name))
      differences +=
          fmt::format("\n  {}: the checkpoint has '{}', this run has 'nothing'", name, value);
  }
  if (!differences.empty())
    throw Error(ErrorKind::kMismatch,
                fmt::format("checkpoint {}: made by another search; resume with the same "
                            "settings, or delete it to start anew{}",
                            path_.string(), differences));
  std::istringstream body(bytes);
  InArchive archive(body);
  search.load(archive);
  arena.load(archive);  // last: loading a search may evaluate, which is no cost of the search
  return true;
}

void CheckpointFile::remove() const {
  if (!is_first(workers_)) return;
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace crucible::search
