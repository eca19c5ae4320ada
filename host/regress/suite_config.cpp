#include "host/regress/suite_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "host/experiment/nearest.hpp"
#include "host/experiment/text_file.hpp"
#include "host/experiment/yaml_reader.hpp"
#include "host/regress/yaml_name.hpp"
#include "models/error.hpp"

namespace crucible::regress {
namespace {

using experiment::YamlMap;
using experiment::YamlValue;

/// Text in which only the known words stand in braces.
std::string pattern(const YamlValue& value) {
  static const std::vector<std::string> known{"bin", "source", "out", "seed"};
  std::string text = value.text();
  for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const size_t close = text.find('}', open);
    const std::string inside =
        close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
    if (std::find(known.begin(), known.end(), inside) == known.end()) {
      value.fail(fmt::format("'{}': in braces stand bin, source, out or seed", text));
    }
  }
  return text;
}

SuiteTest test_of(const YamlValue& value) {
  const YamlMap map =
      value.map({"name", "command", "tags", "limit_s"}, {"environment", "seeds", "retries"});
  SuiteTest test;
  test.name = name_of(map["name"]);
  for (const YamlValue& part : map["command"].list()) test.command.push_back(pattern(part));
  if (test.command.empty()) map["command"].fail("'command' must name a program");
  for (const YamlValue& tag : map["tags"].list()) test.tags.push_back(name_of(tag));
  test.limit_s = static_cast<int>(map["limit_s"].integer(1, 7 * 86'400));
  if (map.has("environment")) {
    for (const YamlValue& part : map["environment"].list()) {
      test.environment.push_back(pattern(part));
      if (test.environment.back().find('=') == std::string::npos) part.fail("give NAME=value");
    }
  }
  if (map.has("seeds")) {
    for (const YamlValue& seed : map["seeds"].list()) {
      test.seeds.push_back(static_cast<uint64_t>(seed.integer(0, INT64_MAX)));
    }
  }
  if (map.has("retries")) test.retries = static_cast<int>(map["retries"].integer(0, 10));
  return test;
}

void require_known(const char* option, const std::vector<std::string>& wanted,
                   const std::set<std::string>& known) {
  for (const std::string& name : wanted) {
    if (known.contains(name)) continue;
    throw Error(ErrorKind::kUsage,
                fmt::format("{} {}: the suite has {}{}", option, name, fmt::join(known, ", "),
                            experiment::did_you_mean(name, {known.begin(), known.end()})));
  }
}

}  // namespace

Suite load_suite(const std::filesystem::path& file) {
  const YamlMap map = experiment::load_yaml(file, "crucible.suite/1", {"name", "tests"}, {"seed"});
  Suite suite;
  suite.text = experiment::read_text(file);
  suite.name = name_of(map["name"]);
  if (map.has("seed")) suite.seed = static_cast<uint64_t>(map["seed"].integer(0, INT64_MAX));
  std::set<std::string> names;
  for (const YamlValue& value : map["tests"].list()) {
    suite.tests.push_back(test_of(value));
    if (!names.insert(suite.tests.back().name).second) {
      value.fail(fmt::format("the name '{}' stands twice", suite.tests.back().name));
    }
  }
  if (suite.tests.empty()) map["tests"].fail("a suite has at least one test");
  return suite;
}

std::vector<SuiteCase> choose_cases(const Suite& suite, const SuiteChoice& choice) {
  std::set<std::string> names, tags;
  for (const SuiteTest& test : suite.tests) {
    names.insert(test.name);
    tags.insert(test.tags.begin(), test.tags.end());
  }
  require_known("--tags", choice.tags, tags);
  require_known("--test", choice.names, names);
  std::vector<SuiteCase> cases;
  for (const SuiteTest& test : suite.tests) {
    const bool tagged =
        choice.tags.empty() || std::any_of(test.tags.begin(), test.tags.end(), [&](const auto& t) {
          return std::find(choice.tags.begin(), choice.tags.end(), t) != choice.tags.end();
        });
    const bool named = choice.names.empty() || std::find(choice.names.begin(), choice.names.end(),
                                                         test.name) != choice.names.end();
    if (!tagged || !named) continue;
    std::vector<uint64_t> seeds = test.seeds.empty() ? std::vector{suite.seed} : test.seeds;
    if (choice.seed) seeds = {*choice.seed};
    for (const uint64_t seed : seeds) {
      cases.push_back(
          {seeds.size() == 1 ? test.name : fmt::format("{}@{}", test.name, seed), &test, seed});
    }
  }
  if (cases.empty()) {
    throw Error(ErrorKind::kUsage, "regress: no test has both such a tag and such a name");
  }
  return cases;
}

}  // namespace crucible::regress
