// The words of what a study's result depends on, as far as studies have it in common.
#pragma once

#include "host/experiment/study_folder.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

/// A number as settings and names have it: the shortest that reads back as the same.
[[nodiscard]] std::string setting_word(double value);

/// Name or number, and checksum.
[[nodiscard]] std::string network_word(const Workbench& bench);
[[nodiscard]] std::string images_word(const Workbench& bench, const eval::LabelledImages& images);

/// Program, data, images, hardware, seed, search and tile; not the network and not the bound's
/// value. Throws crucible::Error(kUsage) for an unknown method.
[[nodiscard]] StudySettings common_settings(const Workbench& bench, const SearchConfig& search,
                                            const std::string& convention, const std::string& idle);

}  // namespace crucible::experiment
