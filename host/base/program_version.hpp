// Which program this is: the version of the project and the commit it was built from.
#pragma once

#include <string>

namespace crucible {

/// The project's version, as in CMakeLists.txt: "0.1.0".
[[nodiscard]] std::string program_version();

/// The first 12 digits of the commit; with "-dirty" when tracked files differed from it at the
/// build; "unknown" when the sources came without git.
[[nodiscard]] std::string program_commit();

}  // namespace crucible
