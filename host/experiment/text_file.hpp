// Whole text files, written or failed loudly.
#pragma once

#include <filesystem>
#include <string>

namespace crucible::experiment {

/// Throws crucible::Error(kData) naming the file.
void write_text(const std::filesystem::path& file, const std::string& text);
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

}  // namespace crucible::experiment
