// A search put away in a file, replaced atomically: whoever is killed goes on where the file
// stands. Of many workers the first one writes and reads; it tells the others what it read.
#pragma once

#include <filesystem>
#include <string>

#include "host/base/workers.hpp"
#include "host/search/arena.hpp"
#include "host/search/i_search.hpp"

namespace crucible::search {

/// What a checkpoint belongs to: name and value of everything that the search's course depends on.
using CheckpointIdentity = Facts;

class CheckpointFile {
 public:
  /// `identity` is compared when the file is loaded.
  CheckpointFile(std::filesystem::path path, CheckpointIdentity identity,
                 IWorkers* workers = nullptr)
      : path_(std::move(path)), identity_(std::move(identity)), workers_(workers) {}

  /// Adds to what is compared.
  void identify(const CheckpointIdentity& more) { identity_.insert(more.begin(), more.end()); }
  /// Writes a new file beside the old and renames it. Throws crucible::Error(kData).
  void save(const Arena& arena, const ISearch& search) const;
  /// False: there is no file. Throws crucible::Error: kData where it is damaged, kMismatch naming
  /// each part of the identity that differs, with both values.
  [[nodiscard]] bool load(Arena& arena, ISearch& search) const;
  /// The search has ended well.
  void remove() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  CheckpointIdentity identity_;
  IWorkers* workers_;
};

/// Of a problem (network, box, images) and how it is searched.
[[nodiscard]] CheckpointIdentity identity_of(const SearchProblem& problem,
                                             const std::string& method,
                                             const SearchSettings& settings);

}  // namespace crucible::search
