// Whole networks on the board: images in, logits or counts of correct answers out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "firmware/interface/search.h"
#include "host/board/controller.hpp"
#include "host/driver/accelerator.hpp"
#include "models/network/compiled_network.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::board {

/// Clock cycles of the core while it ran images, and those of them in which it waited for the tile.
struct RunCycles {
  uint64_t all = 0;
  uint64_t waiting = 0;
};

/// Who shall run the images.
enum class Path {
  kEngine,   ///< the layer engine where it can, else firmware
  kFirmware  ///< firmware
};

/// What a search move gave: correct answers after each patch, before the first and with those that
/// were kept.
struct PatchResult {
  std::vector<uint32_t> correct;
  uint32_t first = 0, best = 0, kept = 0;  ///< zero where patches are not kept
};

/// A gradient-free search on the board: firmware/interface/search.h says the same in words.
struct BoardSearch {
  uint32_t kind = FW_BLOCK_FLIP;  ///< a fw_search_kind; firmware refuses others
  uint32_t measurements = 100;    ///< of all kept images, the start included
  uint64_t seed = 1;
  int64_t clip = 1;      ///< largest margin that counts, units of the logits
  uint32_t weights = 1;  ///< most that one step moves
  /// How far the cells of each layer move; base and LSB are the device's.
  std::vector<models::MoveRules> rules;
};

/// What it found; the chip found is on the device.
struct BoardSearchResult {
  std::vector<uint32_t> correct;  ///< of every measurement; the first is the start's
  uint32_t best = 0, accepted = 0;
};

/// The accelerator holds levels, offsets and settings as for DeviceEngine; it must outlive the
/// runner. Errors as of Controller.
class BoardRunner {
 public:
  /// Starts the firmware.
  BoardRunner(driver::Accelerator& accelerator, const FirmwareImage& image,
              const ControllerOptions& options = {});
  /// Stops the core.
  ~BoardRunner();
  BoardRunner(const BoardRunner&) = delete;
  BoardRunner& operator=(const BoardRunner&) = delete;

  /// Applies the network's settings and hands its block to the firmware. Throws
  /// crucible::Error(kUsage) saying what is missing where it does not fit.
  void load(const models::CompiledNetwork& network, Path path = Path::kEngine);
  /// Who runs the loaded network's images: "the layer engine", or "firmware" and why.
  [[nodiscard]] const std::string& runs() const { return runs_; }

  /// images: [count][input_size]; returns [count][classes], equal to run_pipeline's. Any count:
  /// as many at a time as board memory holds. `progress` gets images.
  [[nodiscard]] std::vector<int64_t> run(std::span<const uint8_t> images, int count,
                                         int first_image = 0, const BoardProgress& progress = {});

  /// Images that stay on the board for the calls below. Throws crucible::Error(kUsage) saying how
  /// many bytes are missing.
  void keep(std::span<const uint8_t> images, std::span<const uint8_t> labels, int first_image = 0);
  /// Correct answers on the kept images.
  [[nodiscard]] uint32_t count(const BoardProgress& progress = {});
  /// The same for chips made from seeds, with the generator's other settings as they are.
  [[nodiscard]] std::vector<uint32_t> count_chips(std::span<const uint64_t> seeds,
                                                  driver::Generated what,
                                                  const BoardProgress& progress = {});
  /// The same after each patch, a list of words for CELL_POKE. A patch is undone after its
  /// evaluation; with `keep_better` one that lowers the count below all before it stays.
  [[nodiscard]] PatchResult count_patches(const std::vector<std::vector<uint32_t>>& patches,
                                          bool keep_better, const BoardProgress& progress = {});

  /// Starts at the offsets that the device holds, which must be inside the rules' box; every point
  /// of it is. Ends early where no answer is right any more.
  [[nodiscard]] BoardSearchResult search(const BoardSearch& wanted,
                                         const BoardProgress& progress = {});

  /// What SELFTEST leaves in its registers; the cells are zero after a march.
  [[nodiscard]] driver::SelfTestResult self_test(driver::SelfTest what);
  /// What every layer's outputs are for a vector of zeros, in units of its sums; `apply` subtracts
  /// it from the biases on the board, until the next load().
  [[nodiscard]] std::vector<std::vector<int64_t>> calibrate(bool apply);

  /// Of all images that run() and count() have run.
  [[nodiscard]] const RunCycles& cycles() const { return cycles_; }
  [[nodiscard]] uint64_t images() const { return images_; }
  [[nodiscard]] Controller& controller() { return controller_; }

 private:
  void require_network() const;
  void write_images(uint32_t address, std::span<const uint8_t> images, size_t count);
  Results call(fw_command command, std::span<const uint32_t> arguments, size_t images = 0,
               const BoardProgress& progress = {});
  void note(const Results& results);

  driver::Accelerator& accelerator_;
  Controller controller_;
  uint32_t firmware_end_ = 0, memory_end_ = 0;
  uint32_t free_at_ = 0;   ///< after the network's buffers; 0 without a network
  uint32_t kept_end_ = 0;  ///< after the kept images
  size_t kept_ = 0;
  std::chrono::nanoseconds image_time_{0};  ///< that an image takes at least
  size_t input_size_ = 0, slot_ = 0, classes_ = 0, logit_words_ = 1;
  std::vector<size_t> outputs_;  ///< of every layer
  std::string runs_;
  RunCycles cycles_;
  uint64_t images_ = 0;
};

}  // namespace crucible::board
