// A suite of tests as its YAML lists them (schema crucible.suite/1). docs/verification.md explains
// the keys.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace crucible::regress {

struct SuiteTest {
  std::string name;
  /// {bin}: folder of this program, {source}: the source tree, {out}: a folder of the test's own,
  /// {seed}: the run's seed. No shell.
  std::vector<std::string> command;
  std::vector<std::string> environment;  ///< NAME=value, with the same words
  std::vector<std::string> tags;
  std::vector<uint64_t> seeds;  ///< one run each; empty: one run with the suite's seed
  int limit_s = 0;
  int retries = 0;
};

struct Suite {
  std::string name;
  uint64_t seed = 1;
  std::vector<SuiteTest> tests;
  std::string text;  ///< of the file
};

/// Throws crucible::Error(kUsage) at file:line:column.
[[nodiscard]] Suite load_suite(const std::filesystem::path& file);

/// One run of a test.
struct SuiteCase {
  std::string name;  ///< the test's, with @seed where it has several
  const SuiteTest* test = nullptr;
  uint64_t seed = 0;
};

struct SuiteChoice {
  std::vector<std::string> tags;   ///< tests with any of these; empty: all
  std::vector<std::string> names;  ///< and of these names; empty: all
  std::optional<uint64_t> seed;    ///< in the place of every seed
};

/// Throws crucible::Error(kUsage) for a tag or name that no test has.
[[nodiscard]] std::vector<SuiteCase> choose_cases(const Suite& suite, const SuiteChoice& choice);

}  // namespace crucible::regress
