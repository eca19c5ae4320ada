#include "host/regress/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/program_version.hpp"

namespace crucible::regress {

using nlohmann::ordered_json;

const char* status_word(Status status) {
  switch (status) {
    case Status::kPassed:
      return "passed";
    case Status::kFailed:
      return "failed";
    case Status::kTimeout:
      return "timeout";
    case Status::kCrashed:
      return "crashed";
    case Status::kNotRun:
      break;
  }
  return "not run";
}

int Regression::count(Status status) const {
  return static_cast<int>(std::count_if(outcomes.begin(), outcomes.end(),
                                        [&](const Outcome& o) { return o.status == status; }));
}

bool Regression::passed() const {
  return !outcomes.empty() && count(Status::kPassed) == static_cast<int>(outcomes.size());
}

ordered_json regression_json(const Regression& regression) {
  ordered_json json{{"schema", "crucible.regression/1"}, {"name", regression.name},
                    {"what", regression.what},           {"passed", regression.passed()},
                    {"headline", regression.headline},   {"version", program_version()},
                    {"commit", program_commit()}};
  for (const auto& [key, value] : regression.facts) json["facts"][key] = value;
  json["outcomes"] = ordered_json::array();
  for (const Outcome& outcome : regression.outcomes) {
    ordered_json one{{"name", outcome.name},
                     {"what", outcome.what},
                     {"status", status_word(outcome.status)},
                     {"seconds", outcome.seconds},
                     {"message", outcome.message},
                     {"repeat", outcome.repeat},
                     {"retries", outcome.retries}};
    one["facts"] = ordered_json::object();
    one["links"] = ordered_json::object();
    for (const auto& [key, value] : outcome.facts) one["facts"][key] = value;
    for (const auto& [key, value] : outcome.links) one["links"][key] = value;
    json["outcomes"].push_back(std::move(one));
  }
  return json;
}

Outcome outcome_from_json(const ordered_json& json) {
  Outcome outcome;
  outcome.name = json.at("name");
  outcome.what = json.at("what");
  for (const Status status :
       {Status::kPassed, Status::kFailed, Status::kTimeout, Status::kCrashed}) {
    if (json.at("status") == status_word(status)) outcome.status = status;
  }
  outcome.seconds = json.at("seconds");
  outcome.message = json.at("message");
  outcome.repeat = json.at("repeat");
  outcome.retries = json.at("retries");
  for (const auto& [key, value] : json.at("facts").items()) outcome.facts.emplace_back(key, value);
  for (const auto& [key, value] : json.at("links").items()) outcome.links.emplace_back(key, value);
  return outcome;
}

std::string text_table(const Regression& regression) {
  size_t width = 5;
  for (const Outcome& outcome : regression.outcomes) width = std::max(width, outcome.name.size());
  std::string text;
  for (const Outcome& outcome : regression.outcomes) {
    std::string facts;
    for (const auto& [key, value] : outcome.facts) facts += fmt::format("  {} {}", value, key);
    if (outcome.retries > 0) facts += fmt::format("  after {} failed", outcome.retries);
    text += fmt::format("  {:{}}  {:8}{:>8.2f} s{}\n", outcome.name, width,
                        status_word(outcome.status), outcome.seconds, facts);
    if (!outcome.message.empty()) text += fmt::format("      {}\n", outcome.message);
    if (!outcome.repeat.empty() && !outcome.passed()) {
      text += fmt::format("      repeat: {}\n", outcome.repeat);
    }
  }
  return text + "\n" + regression.headline + "\n";
}

}  // namespace crucible::regress
