#include "host/experiment/equal_bench.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <span>
#include <sstream>

#include "host/base/program_version.hpp"
#include "host/base/workers.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

namespace {

template <class T>
uLong crc_of(uLong crc, std::span<const T> values) {
  return crc32_z(crc, reinterpret_cast<const Bytef*>(values.data()), values.size_bytes());
}

std::string network_word(const models::QuantisedNetwork& network) {
  uLong crc = 0;
  for (const models::QuantisedLayer& layer : network.layers) {
    crc = crc_of(crc, std::span<const int8_t>(layer.weights));
    crc = crc_of(crc, std::span<const float>(layer.bias));
    crc = crc_of(crc, std::span<const double>(&layer.w_scale, 1));
    crc = crc_of(crc, std::span<const double>(&layer.x_scale, 1));
  }
  return fmt::format("{} {:08x}", network.name, crc);
}

std::string set_word(const data::ImageSet& set) {
  const uLong crc = crc_of(0, std::span<const uint8_t>(set.images));
  return fmt::format("{} {:08x}", set.count(), crc_of(crc, std::span<const uint8_t>(set.labels)));
}

}  // namespace

void require_equal_bench(const Workbench& bench) {
  if (worker_count(bench.workers()) == 1) return;
  Facts facts{{"program", program_version() + " commit " + program_commit()},
              {"network", network_word(bench.network())},
              {"training images", set_word(bench.dataset().train)},
              {"test images", set_word(bench.dataset().test)}};
  ExperimentConfig config = bench.config();
  config.threads = 0;
  config.device.address.clear();
  config.network.clear();
  config.data.folder.clear();
  std::istringstream lines(write_config(config));
  int number = 0;
  for (std::string line; std::getline(lines, line);)
    facts[fmt::format("configuration, line {:3}", ++number)] = line;
  require_equal_facts(bench.workers(), "mpirun", facts);
}

}  // namespace crucible::experiment
