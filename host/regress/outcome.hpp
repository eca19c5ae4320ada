// What became of a test, and the three forms in which a regression is reported: JUnit XML, one page
// of HTML, a table.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace crucible::regress {

enum class Status { kPassed, kFailed, kTimeout, kCrashed, kNotRun };
[[nodiscard]] const char* status_word(Status status);

struct Outcome {
  std::string name;
  std::string what;  ///< the question, or the command
  Status status = Status::kNotRun;
  double seconds = 0;
  std::string message = {};  ///< why it did not pass
  std::string repeat = {};   ///< the command that repeats it
  int retries = 0;           ///< failed runs before this one
  std::vector<std::pair<std::string, std::string>> facts = {};
  std::vector<std::pair<std::string, std::string>> links =
      {};  ///< label, path from the report's folder
  [[nodiscard]] bool passed() const { return status == Status::kPassed; }
};

struct Regression {
  std::string name;
  std::string what;      ///< a sentence: of which tile, or which suite
  std::string headline;  ///< the result in a sentence
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<Outcome> outcomes;
  [[nodiscard]] int count(Status status) const;
  [[nodiscard]] bool passed() const;
};

[[nodiscard]] nlohmann::ordered_json regression_json(const Regression& regression);
[[nodiscard]] std::string junit_xml(const Regression& regression);
[[nodiscard]] std::string html_page(const Regression& regression);
[[nodiscard]] std::string text_table(const Regression& regression);

/// Writes report.json, junit.xml and report.html into the folder.
void write_reports(const Regression& regression, const std::filesystem::path& folder);

/// The inverse of an outcome in regression_json(). Throws nlohmann::json::exception.
[[nodiscard]] Outcome outcome_from_json(const nlohmann::ordered_json& json);

}  // namespace crucible::regress
