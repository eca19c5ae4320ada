#include "host/board/network_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "firmware/interface/network_block.h"
#include "host/link/crc32.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::board {
namespace {

using models::CompiledLayer;
using models::CompiledNetwork;
using models::LayerShape;

uint32_t word(auto value) { return static_cast<uint32_t>(value); }

size_t banks_of(const CompiledNetwork& network) {
  size_t banks = 0;
  for (const CompiledLayer& layer : network.layers) banks += layer.placement.banks.size();
  return banks;
}

void check_geometry(const CompiledNetwork& network, const driver::Identity& device) {
  const models::TileGeometry& wanted = network.geometry;
  const models::TileGeometry& found = device.geometry;
  if (wanted == found) return;
  const size_t banks = banks_of(network);
  const size_t cells = banks * word(wanted.rows) * word(wanted.cols);
  const auto missing = [](size_t need, size_t have) { return need > have ? need - have : 0; };
  throw Error(
      ErrorKind::kUsage,
      fmt::format("network '{}' is compiled for banks of {} x {} cells and takes {} of them ({} "
                  "cells), the device '{}' has {} banks of {} x {} ({} cells): {} banks and {} "
                  "cells are missing; compile it for the device, or use a larger one",
                  network.name, wanted.rows, wanted.cols, banks, cells, device.config_name,
                  found.banks, found.rows, found.cols, found.cells(),
                  missing(banks, word(found.banks)), missing(cells, found.cells())));
}

/// One line of positions (two where they are pooled) must fit the tile's buffers.
void check_buffers(const CompiledLayer& layer, const driver::Identity& device) {
  const LayerShape& shape = layer.shape;
  const int vectors = shape.conv_width() * (shape.pool ? 2 : 1);
  const int in = vectors * ((shape.fan_in() + 3) / 4);
  const int out = vectors * layer.placement.row_blocks * shape.out_channels;
  if (in <= device.in_words && out <= device.out_words) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("layer '{}': {} of its positions are run at a time and take {} words of "
                          "INPUT and {} of OUTPUT; the device '{}' has {} and {}: {} and {} words "
                          "are missing; run it from the host, or use a larger device",
                          shape.name, vectors, in, out, device.config_name, device.in_words,
                          device.out_words, std::max(0, in - device.in_words),
                          std::max(0, out - device.out_words)));
}

/// Whether sums with bias may leave 32 bits: codes of all planes and slices, sum 2^p 4^i.
bool is_wide(const CompiledLayer& layer) {
  if (layer.adc.transparent) return true;
  const int64_t sums =
      int64_t{layer.placement.row_blocks} * 255 * 5 * ((int64_t{1} << layer.adc.bits) - 1);
  return std::any_of(layer.bias.begin(), layer.bias.end(),
                     [&](int64_t bias) { return std::abs(bias) + sums > INT32_MAX; });
}

fw_layer describe(const CompiledLayer& layer, bool last, const driver::Identity& device) {
  const LayerShape& shape = layer.shape;
  const models::AdcSettings& adc = layer.adc;
  fw_layer words{};
  words.kind = shape.kind == models::LayerKind::kConv ? FW_CONV : FW_FULLY_CONNECTED;
  words.in_channels = word(shape.in_channels);
  words.in_height = word(shape.in_height);
  words.in_width = word(shape.in_width);
  words.kernel = word(shape.kernel);
  words.pad = word(shape.pad);
  words.out_channels = word(shape.out_channels);
  words.pool = shape.pool ? 1 : 0;
  words.adc = word(adc.shift) << spec::kAdcShiftLsb | word(adc.bits) << spec::kAdcBitsLsb |
              (adc.transparent ? spec::kAdcTransparentMask : 0);
  words.wide = is_wide(layer) ? 1 : 0;
  words.row_blocks = word(layer.placement.row_blocks);
  words.column_blocks = word(layer.placement.column_blocks);
  words.block_rows = word(layer.placement.block_rows);
  words.block_outputs = word(device.geometry.outputs());
  words.multiplier = last ? 0 : layer.multiplier;
  words.shift = last ? 0 : word(layer.right_shift);
  return words;
}

constexpr size_t kHeaderWords = sizeof(fw_block_header) / 4, kLayerWords = sizeof(fw_layer) / 4;

template <typename Struct>
void store(std::vector<uint32_t>& block, size_t at, const Struct& value) {
  const auto words = std::bit_cast<std::array<uint32_t, sizeof(Struct) / 4>>(value);
  std::copy(words.begin(), words.end(), block.begin() + static_cast<ptrdiff_t>(at));
}

uint32_t end_of(const std::vector<uint32_t>& block) { return word(4 * block.size()); }

}  // namespace

std::vector<uint32_t> make_network_block(const CompiledNetwork& network,
                                         const driver::Identity& device) {
  const size_t layers = network.layers.size();
  if (layers > FW_MAX_LAYERS)
    throw Error(ErrorKind::kUsage,
                fmt::format("network '{}' has {} layers; firmware runs at most {}", network.name,
                            layers, FW_MAX_LAYERS));
  check_geometry(network, device);
  std::vector<uint32_t> block(kHeaderWords + layers * kLayerWords);
  for (size_t l = 0; l < layers; ++l) {
    const CompiledLayer& layer = network.layers[l];
    check_buffers(layer, device);
    fw_layer words = describe(layer, l + 1 == layers, device);
    words.banks_at = end_of(block);
    for (const models::BankPlacement& bank : layer.placement.banks)
      block.push_back(word(bank.bank));
    words.bias_at = end_of(block);
    for (const int64_t bias : layer.bias) {
      block.push_back(static_cast<uint32_t>(bias));
      if (words.wide != 0)
        block.push_back(static_cast<uint32_t>(static_cast<uint64_t>(bias) >> 32));
    }
    store(block, kHeaderWords + l * kLayerWords, words);
  }
  fw_block_header header{
      FW_BLOCK_MAGIC,         FW_BLOCK_VERSION, end_of(block),          0,
      device.config_hash,     word(layers),     word(4 * kHeaderWords), word(network.input_size()),
      word(network.classes())};
  store(block, 0, header);
  const std::span<const uint8_t> bytes{reinterpret_cast<const uint8_t*>(block.data()),
                                       4 * block.size()};
  header.crc = link::crc32(bytes.subspan(FW_BLOCK_CRC_FROM));
  store(block, 0, header);
  return block;
}

}  // namespace crucible::board
