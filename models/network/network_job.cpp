#include "models/network/network_job.hpp"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <sstream>

#include "models/error.hpp"

// cereal finds these by the types' namespace.
namespace crucible::models {

template <class Archive>
void serialize(Archive& a, AdcSettings& v) {
  a(v.transparent, v.shift, v.bits);
}
template <class Archive>
void serialize(Archive& a, TileSettings& v) {
  a(v.inject, v.lsb_exp, v.base, v.adc, v.adc_offset);
}
template <class Archive>
void serialize(Archive& a, TileGeometry& v) {
  a(v.rows, v.cols, v.banks);
}
template <class Archive>
void serialize(Archive& a, BankPlacement& v) {
  a(v.bank, v.first_input, v.inputs, v.first_output, v.outputs);
}
template <class Archive>
void serialize(Archive& a, LayerPlacement& v) {
  a(v.row_blocks, v.column_blocks, v.block_rows, v.banks);
}
template <class Archive>
void serialize(Archive& a, LayerShape& v) {
  a(v.kind, v.name, v.in_channels, v.in_height, v.in_width, v.kernel, v.pad, v.out_channels,
    v.pool);
}
template <class Archive>
void serialize(Archive& a, CompiledLayer& v) {
  a(v.shape, v.placement, v.bias, v.multiplier, v.right_shift, v.adc);
}
template <class Archive>
void serialize(Archive& a, CompiledNetwork& v) {
  a(v.name, v.geometry, v.common, v.layers, v.levels);
}
template <class Archive>
void serialize(Archive& a, NetworkJob& v) {
  a(v.network, v.offsets, v.images, v.labels);
}

std::string to_bytes(const NetworkJob& job) {
  std::ostringstream out(std::ios::binary);
  cereal::PortableBinaryOutputArchive archive(out);
  archive(job);
  return out.str();
}

NetworkJob network_job_from_bytes(const std::string& bytes) {
  std::istringstream in(bytes, std::ios::binary);
  NetworkJob job;
  try {
    cereal::PortableBinaryInputArchive archive(in);
    archive(job);
  } catch (const std::exception& error) {  // also std::bad_alloc for a size that damage has made
    throw Error(ErrorKind::kData, std::string("network job: damaged bytes: ") + error.what());
  }
  return job;
}

}  // namespace crucible::models
