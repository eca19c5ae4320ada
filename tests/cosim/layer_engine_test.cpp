// The layer engine on the RTL beside the in-process device: random networks over random cells with
// noise give the same words everywhere, and take the cycles that the model says.
#include "tests/cosim/model_beside_rtl.hpp"
#include "tests/equiv/engine_networks.hpp"

namespace crucible::sim {
namespace {

class LayerEngine : public ModelBesideRtl {
 protected:
  void SetUp() override {
    const int level_words = config_.banks * config_.rows * std::max(1, config_.cols / 16);
    write_all(spec::kWindowLevel, level_words, ~0u);
    write_all(spec::kWindowOffset, config_.banks * config_.rows * config_.cols / 4, ~0u);
    write(spec::kRegInject, {spec::kInjectEnableMask | 9u << spec::kInjectLsbExpLsb});
    write(spec::kRegBase, {40});
  }
  /// The same random words on both sides.
  void write_all(uint32_t address, int words, uint32_t mask) {
    for (int done = 0; done < words; done += config_.max_payload) {
      std::vector<uint32_t> part(static_cast<size_t>(std::min(words - done, config_.max_payload)));
      for (uint32_t& word : part) word = static_cast<uint32_t>(random_()) & mask;
      write(address + 4 * static_cast<uint32_t>(done), part);
    }
  }
  void write_all(uint32_t address, const std::vector<uint32_t>& words) {
    for (size_t done = 0; done < words.size(); done += static_cast<size_t>(config_.max_payload))
      write(address + 4 * static_cast<uint32_t>(done),
            {words.begin() + static_cast<std::ptrdiff_t>(done),
             words.begin() + static_cast<std::ptrdiff_t>(std::min(
                                 done + static_cast<size_t>(config_.max_payload), words.size()))});
  }
  void compare_all(uint32_t address, int words) {
    for (int done = 0; done < words; done += config_.max_payload)
      read(address + 4 * static_cast<uint32_t>(done),
           static_cast<uint16_t>(std::min(words - done, config_.max_payload)));
  }
  /// Reads a register that the two may have otherwise.
  std::pair<uint32_t, uint32_t> both(uint32_t address) {
    settle();
    std::vector<uint32_t> words(1);
    model_.read(address, words);
    return {client_.get_word(address), words[0]};
  }
};

TEST_P(LayerEngine, RunsNetworksAsTheModelDoesInTheCyclesThatItSays) {
  EngineNetworks networks(config_, random_);
  StandIn memory(config_);
  for (int trial = 0; trial < 12; ++trial) {
    SCOPED_TRACE(fmt::format("trial {}", trial));
    const EngineNetwork network = networks.draw();
    networks.write(network, memory);
    const models::EngineRequest& request = network.request;
    const auto used = static_cast<std::ptrdiff_t>((request.logits - spec::kWindowMemory) / 4);
    write_all(spec::kWindowMemory, {memory.memory_.begin(), memory.memory_.begin() + used});
    const uint32_t noise = trial % 3;  // none, cell by cell, column by column
    write(spec::kRegEffects, {noise << spec::kEffectsNoiseLsb});
    write(spec::kRegNoiseCell, {30 << 8});
    write(spec::kRegCtrl, {spec::kCtrlClearCountersMask});
    write(spec::kRegEngineNetwork, {request.network, request.layers, request.images, request.count,
                                    request.first, request.logits, 1});
    read(spec::kRegEngineStatus, 3);
    compare_all(request.logits, static_cast<int>(request.count * network.layers.back().words[6] *
                                                 (network.layers.back().wide() ? 2 : 1)));
    compare_all(spec::kWindowInput, config_.in_words);
    for (const uint32_t at : {spec::kRegProducts, spec::kRegSaturations, spec::kRegClamps,
                              spec::kRegReads, spec::kRegIrqPending})
      read(at);
    const auto [rtl, model] = both(spec::kRegEngineCycles);
    const auto [rtl_tile, model_tile] = both(spec::kRegEngineTileCycles);
    EXPECT_EQ(model, rtl) << request.count << " images";
    EXPECT_EQ(model_tile, rtl_tile);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, LayerEngine, testing::Values("small_soc"),
                         config_case_name);

}  // namespace
}  // namespace crucible::sim
