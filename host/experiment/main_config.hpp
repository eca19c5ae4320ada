// The text of configs/main.yaml, put into the program by the build.
#pragma once

#include <string>

namespace crucible::experiment {

extern const std::string kMainConfig;

}  // namespace crucible::experiment
