// The folder of reports, logs and waves, whose earlier contents a run removes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace crucible::regress {

/// Makes the folder. Throws crucible::Error(kUsage) where it cannot be made, and where one of
/// `parts`, folders in it, is not empty although `mark`, which every run leaves, is missing: those
/// files are somebody's.
void open_out_folder(const std::filesystem::path& folder, const std::string& mark,
                     const std::vector<std::string>& parts);

}  // namespace crucible::regress
