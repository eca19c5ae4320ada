#include "host/experiment/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>

#include "host/experiment/nearest.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

[[noreturn]] void fail_at(const std::string& file, const YAML::Mark& mark,
                          const std::string& message) {
  throw Error(ErrorKind::kUsage,
              fmt::format("{}:{}:{}: {}", file, mark.line + 1, mark.column + 1, message));
}

std::string kind_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Null:
      return "nothing";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Map:
      return "a mapping";
    default:
      return fmt::format("'{}'", node.IsDefined() ? node.Scalar() : "");
  }
}

bool is_quoted(const YAML::Node& node) { return node.Tag() == "!"; }

template <class T>
bool parse_whole(const std::string& text, T& value) {
  const char* begin = text.data() + (text.size() > 1 && text[0] == '+' ? 1 : 0);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  return error == std::errc() && stop == end;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

void YamlValue::fail(const std::string& message) const { fail_at(file_, node_.Mark(), message); }

std::string YamlValue::scalar(const char* wanted) const {
  if (!node_.IsScalar()) {
    fail(fmt::format("'{}' must be {}, found {}", key_, wanted, kind_of(node_)));
  }
  return node_.Scalar();
}

std::string YamlValue::text() const {
  std::string value = scalar("text");
  double number = 0;
  if (!is_quoted(node_) && parse_whole(value, number)) {
    fail(fmt::format("'{}' must be text, found the number {}; put it in quotes if it is meant",
                     key_, value));
  }
  if (value.empty()) fail(fmt::format("'{}' must be text, found nothing", key_));
  return value;
}

int64_t YamlValue::integer(int64_t lowest, int64_t highest) const {
  const std::string value = scalar("a whole number");
  int64_t number = 0;
  if (is_quoted(node_) || !parse_whole(value, number)) {
    fail(fmt::format("'{}' must be a whole number, found '{}'", key_, value));
  }
  if (number < lowest || number > highest) {
    fail(fmt::format("'{}' must be {} .. {}, found {}", key_, lowest, highest, number));
  }
  return number;
}

double YamlValue::number(double lowest, double highest) const {
  const std::string value = scalar("a number");
  double number = 0;
  if (is_quoted(node_) || !parse_whole(value, number)) {
    fail(fmt::format("'{}' must be a number, found '{}'", key_, value));
  }
  if (!(number >= lowest && number <= highest)) {
    fail(fmt::format("'{}' must be {:g} .. {:g}, found {}", key_, lowest, highest, value));
  }
  return number;
}

bool YamlValue::boolean() const {
  const std::string value = scalar("true or false");
  if (is_quoted(node_) || (value != "true" && value != "false")) {
    fail(fmt::format("'{}' must be true or false, found '{}'", key_, value));
  }
  return value == "true";
}

std::string YamlValue::choice(const std::vector<std::string>& known) const {
  std::string value = scalar("a word");
  if (!contains(known, value)) {
    fail(fmt::format("'{}' must be one of {}, found '{}'{}", key_, fmt::join(known, ", "), value,
                     did_you_mean(value, known)));
  }
  return value;
}

std::vector<YamlValue> YamlValue::list() const {
  if (!node_.IsSequence()) fail(fmt::format("'{}' must be a list, found {}", key_, kind_of(node_)));
  std::vector<YamlValue> values;
  for (size_t i = 0; i < node_.size(); ++i) {
    values.emplace_back(file_, fmt::format("{}[{}]", key_, i), node_[i]);
  }
  return values;
}

YamlMap YamlValue::map(const std::vector<std::string>& required,
                       const std::vector<std::string>& optional) const {
  if (!node_.IsMap()) {
    fail(fmt::format("'{}' must be a mapping with {}, found {}", key_, fmt::join(required, ", "),
                     kind_of(node_)));
  }
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  std::vector<std::string> seen;
  std::vector<std::pair<std::string, YamlValue>> values;
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
    if (!contains(known, key)) {
      fail_at(file_, entry.first.Mark(),
              fmt::format(
                  "unknown key '{}' in {}{} Known keys: {}", key, key_,
                  [&] {
                    const std::string hint = did_you_mean(key, known);
                    return hint.empty() ? std::string(".") : hint;
                  }(),
                  fmt::join(known, ", ")));
    }
    if (contains(seen, key)) {
      fail_at(file_, entry.first.Mark(), fmt::format("key '{}' in {} stands twice", key, key_));
    }
    seen.push_back(key);
    values.emplace_back(key, YamlValue(file_, key, entry.second));
  }
  for (const std::string& key : required) {
    if (!contains(seen, key)) {
      fail(fmt::format("missing key '{}' in {}. Needed: {}", key, key_, fmt::join(required, ", ")));
    }
  }
  return {*this, std::move(values)};
}

bool YamlMap::has(const std::string& key) const {
  return std::any_of(values_.begin(), values_.end(), [&](const auto& v) { return v.first == key; });
}

const YamlValue& YamlMap::operator[](const std::string& key) const {
  for (const auto& [name, value] : values_) {
    if (name == key) return value;
  }
  self_.fail(fmt::format("missing key '{}'", key));
}

YamlMap parse_yaml(const std::string& text, const std::string& name, const std::string& schema,
                   const std::vector<std::string>& required,
                   const std::vector<std::string>& optional) {
  YAML::Node node;
  try {
    node = YAML::Load(text);
  } catch (const YAML::Exception& e) {
    fail_at(name, e.mark, e.msg);
  }
  if (!node.IsMap() || node.size() == 0 || !node.begin()->first.IsScalar() ||
      node.begin()->first.Scalar() != "schema") {
    fail_at(name, node.IsMap() && node.size() > 0 ? node.begin()->first.Mark() : YAML::Mark(),
            fmt::format("the first key must be 'schema: {}'", schema));
  }
  const YAML::Node found = node.begin()->second;
  if (!found.IsScalar() || found.Scalar() != schema) {
    fail_at(name, found.Mark(),
            fmt::format("expected schema {}, found {}", schema, kind_of(found)));
  }
  std::vector<std::string> keys{"schema"};
  keys.insert(keys.end(), required.begin(), required.end());
  return YamlValue(name, "the file", node).map(keys, optional);
}

YamlMap load_yaml(const std::filesystem::path& file, const std::string& schema,
                  const std::vector<std::string>& required,
                  const std::vector<std::string>& optional) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: cannot be read; is there such a file?", file.string()));
  }
  return parse_yaml({std::istreambuf_iterator<char>(in), {}}, file.string(), schema, required,
                    optional);
}

std::string yaml_text(const std::string& text) {
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '/' ||
           c == '.';
  };
  const bool plain = !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) &&
                     std::all_of(text.begin(), text.end(), is_word) && text != "true" &&
                     text != "false" && text != "null" && text != "inf" && text != "nan";
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace crucible::experiment
