#include "host/experiment/layer_yaml.hpp"

#include <fmt/format.h>

#include <cctype>

namespace crucible::experiment {
namespace {

constexpr int kLargest = 1 << 16;

/// Names become file names, so they are letters, digits, '_' and '-'.
std::string file_safe_name(const YamlValue& value) {
  std::string name = value.text();
  for (const char c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-') {
      value.fail(fmt::format("a layer's name is letters, digits, '_' and '-', found '{}'", name));
    }
  }
  return name;
}

}  // namespace

YamlMap read_layer_map(const YamlValue& value, const std::vector<std::string>& more) {
  // The kind decides which keys there are, so it is looked at first.
  std::vector<std::string> all{"name", "kind", "inputs", "outputs"};
  all.insert(all.end(), more.begin(), more.end());
  const YamlMap any = value.map(all, {"kernel", "pad", "pool"});
  if (any["kind"].choice({"conv", "fc"}) == "conv") {
    all.insert(all.end(), {"kernel", "pad", "pool"});
  }
  return value.map(all);
}

models::LayerShape read_layer_shape(const YamlMap& map) {
  models::LayerShape shape;
  shape.name = file_safe_name(map["name"]);
  shape.out_channels = static_cast<int>(map["outputs"].integer(1, kLargest));
  if (map["kind"].choice({"conv", "fc"}) == "fc") {
    shape.kind = models::LayerKind::kFullyConnected;
    shape.in_channels = static_cast<int>(map["inputs"].integer(1, kLargest));
    return shape;
  }
  shape.kind = models::LayerKind::kConv;
  const std::vector<YamlValue> inputs = map["inputs"].list();
  if (inputs.size() != 3)
    map["inputs"].fail("'inputs' of a conv layer is [channels, height, width]");
  shape.in_channels = static_cast<int>(inputs[0].integer(1, kLargest));
  shape.in_height = static_cast<int>(inputs[1].integer(1, kLargest));
  shape.in_width = static_cast<int>(inputs[2].integer(1, kLargest));
  shape.kernel = static_cast<int>(map["kernel"].integer(1, 64));
  shape.pad = static_cast<int>(map["pad"].integer(0, 32));
  shape.pool = map["pool"].boolean();
  return shape;
}

std::string write_layer_shape(const models::LayerShape& shape) {
  if (shape.kind == models::LayerKind::kFullyConnected) {
    return fmt::format("  - name: {}\n    kind: fc\n    inputs: {}\n    outputs: {}\n", shape.name,
                       shape.in_channels, shape.out_channels);
  }
  return fmt::format(
      "  - name: {}\n    kind: conv\n    inputs: [{}, {}, {}]\n    outputs: {}\n    kernel: {}\n"
      "    pad: {}\n    pool: {}\n",
      shape.name, shape.in_channels, shape.in_height, shape.in_width, shape.out_channels,
      shape.kernel, shape.pad, shape.pool);
}

}  // namespace crucible::experiment
