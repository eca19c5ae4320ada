#include "host/search/checkpoint.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cereal/types/map.hpp>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

#include "host/search/device/i_chip_evaluator.hpp"
#include "models/error.hpp"

namespace crucible::search {

namespace {

// A file is the format's name, the CRC of the rest (8 hexadecimal digits, a newline), and the rest:
// nothing of it is read before the CRC is seen to be right.
constexpr std::string_view kFormat = "crucible.checkpoint/2";
constexpr char kThere = '+';  // before a file's bytes, on their way to the other workers

uint32_t crc_of(uint32_t seed, const void* bytes, size_t size) {
  return static_cast<uint32_t>(crc32_z(seed, static_cast<const Bytef*>(bytes), size));
}

template <class T>
uint32_t crc_of(uint32_t seed, std::span<const T> values) {
  return crc_of(seed, values.data(), values.size_bytes());
}

std::string header_of(const std::string& rest) {
  return fmt::format("{} {:08x}\n", kFormat, crc_of(0, rest.data(), rest.size()));
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
  return {{"format", std::string(kFormat)},
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
    archive(identity_);
    search.save(archive);
    arena.save(archive);
  }
  const std::string rest = std::move(body).str();
  const std::filesystem::path fresh = path_.string() + ".new";
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out << header_of(rest) << rest << std::flush;
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
  const std::string file = text_of_first(workers_, read.str());
  if (file.empty()) return false;
  const size_t header = 1 + header_of("").size();
  const std::string rest = file.size() > header ? file.substr(header) : "";
  if (file != kThere + header_of(rest) + rest)
    throw Error(ErrorKind::kData,
                fmt::format("checkpoint {}: not a whole {} file; delete it to start anew",
                            path_.string(), kFormat));
  std::istringstream body(rest);
  InArchive archive(body);
  CheckpointIdentity identity;
  archive(identity);
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
