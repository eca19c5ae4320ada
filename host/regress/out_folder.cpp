#include "host/regress/out_folder.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::regress {

namespace fs = std::filesystem;

void open_out_folder(const fs::path& folder, const std::string& mark,
                     const std::vector<std::string>& parts) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw Error(ErrorKind::kUsage, fmt::format("{}: cannot be made a folder ({}); choose another "
                                               "--out",
                                               folder.string(), error.message()));
  if (fs::exists(folder / mark)) return;
  for (const std::string& part : parts) {
    if (!fs::exists(folder / part) || fs::is_empty(folder / part)) continue;
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: what is in its '{}' comes from no run (there is no '{}'), and a "
                            "run removes it; choose another --out",
                            folder.string(), part, mark));
  }
}

}  // namespace crucible::regress
