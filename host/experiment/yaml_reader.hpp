// Strict YAML: an unknown, missing, repeated or wrong-typed key is an error at file:line:column. No
// silent repair.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace crucible::experiment {

class YamlMap;

/// A value with its place, for errors.
class YamlValue {
 public:
  YamlValue(std::string file, std::string key, const YAML::Node& node)
      : file_(std::move(file)), key_(std::move(key)), node_(node) {}

  [[nodiscard]] std::string text() const;  ///< plain numbers and empty values are refused
  [[nodiscard]] int64_t integer(int64_t lowest, int64_t highest) const;
  [[nodiscard]] double number(double lowest, double highest) const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::string choice(const std::vector<std::string>& known) const;
  [[nodiscard]] std::vector<YamlValue> list() const;
  [[nodiscard]] YamlMap map(const std::vector<std::string>& required,
                            const std::vector<std::string>& optional = {}) const;
  /// Throws crucible::Error(kUsage) "file:line:column: <message>".
  [[noreturn]] void fail(const std::string& message) const;

 private:
  [[nodiscard]] std::string scalar(const char* wanted) const;
  std::string file_, key_;
  YAML::Node node_;
};

/// A mapping whose keys have been checked.
class YamlMap {
 public:
  YamlMap(YamlValue self, std::vector<std::pair<std::string, YamlValue>> values)
      : self_(std::move(self)), values_(std::move(values)) {}
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] const YamlValue& operator[](const std::string& key) const;
  [[nodiscard]] const YamlValue& self() const { return self_; }

 private:
  YamlValue self_;
  std::vector<std::pair<std::string, YamlValue>> values_;
};

/// Reads a file whose first key is `schema: <schema>` and whose other keys are exactly the named
/// ones. Throws crucible::Error(kUsage) at file:line:column.
[[nodiscard]] YamlMap load_yaml(const std::filesystem::path& file, const std::string& schema,
                                const std::vector<std::string>& required,
                                const std::vector<std::string>& optional = {});

/// The same of a text; `name` stands for the file in errors.
[[nodiscard]] YamlMap parse_yaml(const std::string& text, const std::string& name,
                                 const std::string& schema,
                                 const std::vector<std::string>& required,
                                 const std::vector<std::string>& optional = {});

/// The text as YAML: plain where that is safe, in double quotes otherwise.
[[nodiscard]] std::string yaml_text(const std::string& text);

}  // namespace crucible::experiment
