#include "host/board/board_runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/board/network_block.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::board {
namespace {

constexpr size_t whole_words(size_t bytes) { return (bytes + 3) / 4 * 4; }

/// Addresses of parts of board memory, one after the other, in whole words. Throws where there is
/// no room for all of the parts, which are in bytes.
template <size_t kParts>
std::array<uint32_t, kParts> place(uint32_t begin, uint32_t end, const std::string& what,
                                   const size_t (&parts)[kParts]) {
  std::array<uint32_t, kParts> addresses{};
  size_t needed = 0;
  for (size_t i = 0; i < kParts; ++i) {
    addresses[i] = begin + static_cast<uint32_t>(needed);
    needed += whole_words(parts[i]);
  }
  const size_t room = end - begin;
  if (needed > room)
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: {} bytes of board memory are needed, {} are free: {} are "
                            "missing; ask for less at a time",
                            what, needed, room, needed - room));
  return addresses;
}

/// Bytes as words, the last one filled up with zeros.
std::vector<uint32_t> pack_bytes(std::span<const uint8_t> bytes) {
  std::vector<uint32_t> words((bytes.size() + 3) / 4);
  for (size_t i = 0; i < bytes.size(); ++i) words[i / 4] |= uint32_t{bytes[i]} << (8 * (i % 4));
  return words;
}

/// What firmware takes at least: its time goes by the words that it moves to and from the tile, and
/// 40 cycles a word at 100 MHz are less than any core of this kind needs. The layer engine cuts a
/// byte a cycle.
std::chrono::nanoseconds least_time(const models::CompiledNetwork& network, bool engine) {
  constexpr int kNanosecondsAByte = 10;
  constexpr int kNanosecondsAWord = 400;
  int64_t words = 0, bytes = 0;
  for (const models::CompiledLayer& layer : network.layers) {
    const models::LayerShape& shape = layer.shape;
    bytes += int64_t{shape.positions()} * shape.fan_in();
    words += int64_t{shape.positions()} *
             ((shape.fan_in() + 3) / 4 + layer.placement.row_blocks * shape.out_channels);
  }
  return std::chrono::nanoseconds(engine ? bytes * kNanosecondsAByte : words * kNanosecondsAWord);
}

std::string describe_runs(const models::CompiledNetwork& network, uint32_t runs, uint32_t layer) {
  const auto name = [&] { return network.layers.at(layer).shape.name; };
  switch (runs) {
    case FW_RUNS_ENGINE:
      return "the layer engine";
    case FW_RUNS_ASKED:
      return "firmware, as asked for";
    case FW_RUNS_ACTIVATIONS:
      return fmt::format(
          "firmware: the input of layer '{}' is larger than an activation memory of the engine",
          name());
    default:
      return fmt::format("firmware: the banks of layer '{}' do not follow one another", name());
  }
}

/// struct fw_search and a struct fw_reach for each layer.
std::vector<uint32_t> search_words(const BoardSearch& wanted) {
  const auto low = [](uint64_t value) { return static_cast<uint32_t>(value); };
  const auto clip = static_cast<uint64_t>(wanted.clip);
  std::vector<uint32_t> words{low(wanted.kind),        wanted.measurements, low(wanted.seed),
                              low(wanted.seed >> 32U), low(clip),           low(clip >> 32U),
                              wanted.weights};
  static_assert(sizeof(fw_search) == 4 * 7 && sizeof(fw_reach) == 4 * 2);
  for (const models::MoveRules& rules : wanted.rules) {
    words.push_back(low(static_cast<uint64_t>(rules.steps[0] | rules.steps[1] << 8)));
    words.push_back((rules.idle ? FW_REACH_IDLE : 0U) | (rules.spill ? FW_REACH_SPILL : 0U));
  }
  return words;
}

int64_t join(uint32_t low, uint32_t high) {
  return static_cast<int64_t>(low | uint64_t{high} << 32);
}

}  // namespace

BoardRunner::BoardRunner(driver::Accelerator& accelerator, const FirmwareImage& image,
                         const ControllerOptions& options)
    : accelerator_(accelerator), controller_(accelerator.port(), accelerator.identity(), options) {
  controller_.start(image);
  const Results info = controller_.call(FW_CMD_INFO, {});
  firmware_end_ = info[2];
  memory_end_ = info[3];
}

BoardRunner::~BoardRunner() {
  try {
    controller_.stop();
  } catch (const Error&) {
    // The device is gone or hangs; the error that brought us here has told.
  }
}

Results BoardRunner::call(fw_command command, std::span<const uint32_t> arguments, size_t images,
                          const BoardProgress& progress) {
  accelerator_.forget_settings();  // firmware sets the ADC of each layer
  return controller_.call(command, arguments, {static_cast<uint32_t>(images), image_time_},
                          progress);
}

void BoardRunner::require_network() const {
  if (free_at_ == 0)
    throw Error(ErrorKind::kUsage, "the board has no network; load one before it runs images");
}

void BoardRunner::note(const Results& results) {
  images_ += results[0];
  cycles_.all += results[1];
  cycles_.waiting += results[2];
}

void BoardRunner::load(const models::CompiledNetwork& network, Path path) {
  const std::vector<uint32_t> block = make_network_block(network, accelerator_.identity());
  accelerator_.apply(network.settings(0));
  free_at_ = 0;
  const auto [at] = place(firmware_end_, memory_end_, fmt::format("network '{}'", network.name),
                          {4 * block.size()});
  accelerator_.port().write(at, block);
  const Results loaded = call(FW_CMD_LOAD, std::array{at, path == Path::kFirmware ? 1U : 0U});
  free_at_ = kept_end_ = loaded[0];
  slot_ = loaded[1];
  logit_words_ = loaded[2];
  classes_ = loaded[3];
  input_size_ = static_cast<size_t>(network.input_size());
  runs_ = describe_runs(network, loaded[4], loaded[5]);
  image_time_ = least_time(network, loaded[4] == FW_RUNS_ENGINE);
  outputs_.clear();
  for (const models::CompiledLayer& layer : network.layers) outputs_.push_back(layer.bias.size());
}

void BoardRunner::write_images(uint32_t address, std::span<const uint8_t> images, size_t count) {
  if (input_size_ == slot_) {
    accelerator_.port().write(address, pack_bytes(images));
    return;
  }
  std::vector<uint32_t> words;
  for (size_t i = 0; i < count; ++i) {
    const std::vector<uint32_t> image = pack_bytes(images.subspan(i * input_size_, input_size_));
    words.insert(words.end(), image.begin(), image.end());
  }
  accelerator_.port().write(address, words);
}

std::vector<int64_t> BoardRunner::run(std::span<const uint8_t> images, int count, int first_image,
                                      const BoardProgress& progress) {
  require_network();
  const auto total = static_cast<size_t>(count);
  if (count < 0 || images.size() != total * input_size_)
    throw Error(ErrorKind::kUsage, fmt::format("{} bytes of images for {} images of {} bytes",
                                               images.size(), count, input_size_));
  const size_t logit_bytes = 4 * logit_words_ * classes_;
  std::vector<int64_t> logits;
  logits.reserve(total * classes_);
  for (size_t done = 0; done < total;) {
    const size_t most = std::max<size_t>((memory_end_ - kept_end_) / (slot_ + logit_bytes), 1);
    const size_t now = std::min(most, total - done);
    const auto [images_at, logits_at] =
        place(kept_end_, memory_end_, "an image with its logits", {now * slot_, now * logit_bytes});
    write_images(images_at, images.subspan(done * input_size_, now * input_size_), now);
    const std::array<uint32_t, 4> arguments{
        images_at, static_cast<uint32_t>(now),
        static_cast<uint32_t>(first_image) + static_cast<uint32_t>(done), logits_at};
    note(call(FW_CMD_RUN, arguments, now, [&](uint32_t units) {
      return !progress || progress(static_cast<uint32_t>(done) + units);
    }));
    std::vector<uint32_t> words(now * classes_ * logit_words_);
    accelerator_.port().read(logits_at, words);
    for (size_t i = 0; i < words.size(); i += logit_words_)
      logits.push_back(logit_words_ == 2 ? join(words[i], words[i + 1])
                                         : static_cast<int32_t>(words[i]));
    done += now;
  }
  return logits;
}

void BoardRunner::keep(std::span<const uint8_t> images, std::span<const uint8_t> labels,
                       int first_image) {
  require_network();
  if (images.size() != labels.size() * input_size_)
    throw Error(ErrorKind::kUsage, fmt::format("{} bytes of images for {} labels and images of {} "
                                               "bytes",
                                               images.size(), labels.size(), input_size_));
  kept_end_ = free_at_;
  const auto [images_at, labels_at] =
      place(free_at_, memory_end_, fmt::format("{} kept images with labels", labels.size()),
            {labels.size() * slot_, labels.size()});
  write_images(images_at, images, labels.size());
  accelerator_.port().write(labels_at, pack_bytes(labels));
  const std::array<uint32_t, 4> arguments{images_at, labels_at,
                                          static_cast<uint32_t>(labels.size()),
                                          static_cast<uint32_t>(first_image)};
  call(FW_CMD_KEEP, arguments);
  kept_end_ = labels_at + static_cast<uint32_t>(whole_words(labels.size()));
  kept_ = labels.size();
}

uint32_t BoardRunner::count(const BoardProgress& progress) {
  require_network();
  const Results results = call(FW_CMD_COUNT, {}, kept_, progress);
  note(results);
  return results[3];
}

std::vector<uint32_t> BoardRunner::count_chips(std::span<const uint64_t> seeds,
                                               driver::Generated what,
                                               const BoardProgress& progress) {
  require_network();
  const auto [seeds_at, counts_at] =
      place(kept_end_, memory_end_, fmt::format("{} chips", seeds.size()),
            {8 * seeds.size(), 4 * seeds.size()});
  std::vector<uint32_t> words;
  for (const uint64_t seed : seeds) {
    words.push_back(static_cast<uint32_t>(seed));
    words.push_back(static_cast<uint32_t>(seed >> 32));
  }
  accelerator_.port().write(seeds_at, words);
  accelerator_.forget_cells();
  const std::array<uint32_t, 4> arguments{seeds_at, static_cast<uint32_t>(seeds.size()),
                                          static_cast<uint32_t>(what), counts_at};
  call(FW_CMD_CHIPS, arguments, seeds.size() * kept_, progress);
  std::vector<uint32_t> counts(seeds.size());
  accelerator_.port().read(counts_at, counts);
  return counts;
}

PatchResult BoardRunner::count_patches(const std::vector<std::vector<uint32_t>>& patches,
                                       bool keep_better, const BoardProgress& progress) {
  require_network();
  std::vector<uint32_t> list;
  for (const std::vector<uint32_t>& patch : patches) {
    list.push_back(static_cast<uint32_t>(patch.size()));
    list.insert(list.end(), patch.begin(), patch.end());
  }
  const auto [list_at, counts_at] =
      place(kept_end_, memory_end_, fmt::format("{} patches", patches.size()),
            {4 * list.size(), 4 * patches.size()});
  accelerator_.port().write(list_at, list);
  accelerator_.forget_cells();
  const std::array<uint32_t, 5> arguments{list_at, static_cast<uint32_t>(list.size()),
                                          static_cast<uint32_t>(patches.size()),
                                          keep_better ? 1U : 0U, counts_at};
  const Results results =
      call(FW_CMD_PATCHES, arguments, (patches.size() + (keep_better ? 1 : 0)) * kept_, progress);
  PatchResult found{std::vector<uint32_t>(patches.size()), results[1], results[2], results[3]};
  accelerator_.port().read(counts_at, found.correct);
  return found;
}

BoardSearchResult BoardRunner::search(const BoardSearch& wanted, const BoardProgress& progress) {
  require_network();
  if (wanted.rules.size() != outputs_.size())
    throw Error(ErrorKind::kUsage, fmt::format("a search with rules for {} layers in a network of "
                                               "{}",
                                               wanted.rules.size(), outputs_.size()));
  const std::vector<uint32_t> words = search_words(wanted);
  const auto [wanted_at, scratch_at, counts_at] =
      place(kept_end_, memory_end_,
            fmt::format("a search of {} measurements with steps of {} weights", wanted.measurements,
                        wanted.weights),
            {4 * words.size(), 4 * size_t{wanted.weights}, 4 * size_t{wanted.measurements}});
  accelerator_.port().write(wanted_at, words);
  accelerator_.forget_cells();
  const Results results = call(FW_CMD_SEARCH, std::array{wanted_at, scratch_at, counts_at},
                               wanted.measurements * kept_, progress);
  BoardSearchResult found{std::vector<uint32_t>(results[0]), results[2], results[3]};
  accelerator_.port().read(counts_at, found.correct);
  return found;
}

driver::SelfTestResult BoardRunner::self_test(driver::SelfTest what) {
  accelerator_.forget_cells();
  const Results results = call(FW_CMD_SELF_TEST, std::array{static_cast<uint32_t>(what)});
  return driver::self_test_result({results[0], results[1], results[2]});
}

std::vector<std::vector<int64_t>> BoardRunner::calibrate(bool apply) {
  require_network();
  size_t outputs = 0;
  for (const size_t layer : outputs_) outputs += layer;
  const auto [zeros_at] = place(kept_end_, memory_end_, "calibration", {8 * outputs});
  call(FW_CMD_CALIBRATE, std::array{apply ? 1U : 0U, zeros_at});
  std::vector<uint32_t> words(2 * outputs);
  accelerator_.port().read(zeros_at, words);
  std::vector<std::vector<int64_t>> zeros;
  size_t at = 0;
  for (const size_t layer : outputs_) {
    std::vector<int64_t>& of_layer = zeros.emplace_back();
    for (size_t o = 0; o < layer; ++o, at += 2) of_layer.push_back(join(words[at], words[at + 1]));
  }
  return zeros;
}

}  // namespace crucible::board
