#include "host/experiment/rank_address.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "host/base/workers.hpp"
#include "host/link/address.hpp"
#include "models/error.hpp"

namespace crucible::experiment {

namespace {

constexpr std::string_view kRank = "{rank}";

std::string host_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return host.data();
}

/// What only one worker can open; empty for devices that each worker starts for itself.
std::string place_of(const std::string& address) {
  if (address.starts_with("model") || address.starts_with("sim")) return "";
  const link::Address at = link::parse_address(address);
  if (at.scheme == link::Scheme::kTcp) {
    const bool here = at.host == "localhost" || at.host == "::1" || at.host.starts_with("127.");
    return fmt::format("{}:{}", here ? host_name() : at.host, at.port);
  }
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::weakly_canonical(at.path, ignored);
  return host_name() + ":" + file.string();
}

}  // namespace

std::string rank_address(const std::string& address, const IWorkers* workers) {
  const int rank = workers == nullptr ? 0 : workers->rank();
  std::vector<std::string> list(1);
  for (const char c : address) {
    if (c == ',')
      list.emplace_back();
    else
      list.back() += c;
  }
  if (list.size() > 1 && list.size() != static_cast<size_t>(worker_count(workers)))
    throw Error(ErrorKind::kUsage,
                fmt::format("device address '{}': {} addresses for {} ranks; give one for each, or "
                            "one with {} in it",
                            address, list.size(), worker_count(workers), kRank));
  std::string mine = list.size() > 1 ? list[static_cast<size_t>(rank)] : address;
  for (size_t at = mine.find(kRank); at != std::string::npos; at = mine.find(kRank))
    mine.replace(at, kRank.size(), std::to_string(rank));
  return mine;
}

void require_own_device(const std::string& address, IWorkers* workers) {
  if (worker_count(workers) == 1) return;
  const std::vector<std::string> places = gather_texts(workers, place_of(address));
  for (size_t b = 1; b < places.size(); ++b)
    for (size_t a = 0; a < b; ++a)
      if (!places[a].empty() && places[a] == places[b])
        throw Error(ErrorKind::kUsage,
                    fmt::format("device: ranks {} and {} would share {}, which serves one; write "
                                "an address with {} in it, or a list with one for each rank",
                                a, b, places[a], kRank));
}

}  // namespace crucible::experiment
