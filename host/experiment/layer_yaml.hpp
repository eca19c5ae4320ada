// The geometry of layers in YAML, shared by network folders and imports.
#pragma once

#include <string>
#include <vector>

#include "host/experiment/yaml_reader.hpp"
#include "models/network/network.hpp"

namespace crucible::experiment {

/// A layer's mapping with its geometry keys (kind conv: name, kind, inputs [channels, height,
/// width], outputs, kernel, pad, pool; kind fc: name, kind, inputs, outputs) and `more` required
/// ones.
[[nodiscard]] YamlMap read_layer_map(const YamlValue& value, const std::vector<std::string>& more);
[[nodiscard]] models::LayerShape read_layer_shape(const YamlMap& map);
/// The geometry keys, indented as one item of a list.
[[nodiscard]] std::string write_layer_shape(const models::LayerShape& shape);

}  // namespace crucible::experiment
