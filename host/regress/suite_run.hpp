// `crucible regress --suite`: runs the tests of a suite side by side, keeps what is finished after
// each of them, and reports.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "host/regress/child_process.hpp"
#include "host/regress/outcome.hpp"
#include "host/regress/suite_config.hpp"

namespace crucible::regress {

enum class SuiteStart { kNew, kResume, kRestart };

struct SuiteRun {
  std::filesystem::path folder;
  std::filesystem::path bin, source;  ///< what {bin} and {source} stand for
  int jobs = 1;
  SuiteChoice choice;
  SuiteStart start = SuiteStart::kNew;
};

/// Leaves report.json, report.html, junit.xml and tests/<name>/ in the folder, up to date after
/// each test. Throws crucible::Error: kUsage for a folder that holds a run (kNew) or none
/// (kResume), kMismatch for a run of another suite or choice.
[[nodiscard]] Regression run_suite(const Suite& suite, const SuiteRun& run, const Stop& stop,
                                   const std::function<void(const Outcome&)>& tell);

}  // namespace crucible::regress
