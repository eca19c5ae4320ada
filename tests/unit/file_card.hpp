// A card whose BARs are plain files: a tree as sysfs shows it and the XDMA driver's files, with the
// in-process device behind, on a thread of its own. For tests.
#pragma once

#include <fcntl.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "host/base/file_descriptor.hpp"
#include "host/link/pcie/i_card.hpp"
#include "host/link/pcie/mapped_words.hpp"
#include "host/link/pcie/pci_function.hpp"
#include "tests/unit/link_device.hpp"
#include "tests/unit/temporary_folder.hpp"

namespace crucible::port {

/// The files hold what was written last; the thread plays the card: it sees a reset and the tail of
/// the requests by looking, and writes the counters of its side.
class FileCard {
 public:
  static constexpr const char* kFunction = "0000:03:00.0";

  explicit FileCard(const spec::HardwareConfig& config) : device_(config) {
    namespace fs = std::filesystem;
    fs::create_directories(function());
    for (const auto& [name, text] : {std::pair{"vendor", "0x1234"},
                                     {"device", "0xc1c1"},
                                     {"class", "0x120000"},
                                     {"enable", "0"}})
      std::ofstream(function() / name) << text << '\n';
    make_bar("resource0", link::kBar0Bytes);
    make_bar("resource2", link::kBar2Bytes);
    fs::create_directories(folder_.path() / "dev");
    fs::create_symlink(function() / "resource0", xdma() + "_user");
    fs::create_symlink(function() / "resource2", xdma() + "_h2c_0");
    fs::create_symlink(function() / "resource2", xdma() + "_c2h_0");
    bar0_ = map("resource0", link::kBar0Bytes);
    bar2_ = map("resource2", link::kBar2Bytes);
    std::array<uint32_t, 8> identity{};
    device_.model().read(spec::kRegMagic, identity);
    bar0_->write(spec::kRegMagic, identity);
    bar0_->write(spec::card::kRegCardId, spec::card::kCardIdReset);
    bar0_->write(spec::card::kRegCardVersion, spec::card::kCardVersionReset);
    bar0_->write(spec::card::kRegRingWords, kLog2 << spec::card::kRingWordsRequestLsb |
                                                kLog2 << spec::card::kRingWordsResponseLsb);
    bar0_->write(spec::card::kRegResponseHead, 1);  // so that whoever resets the rings has to wait
    thread_ = std::thread([this] { run(); });
  }
  ~FileCard() {
    stop_ = true;
    thread_.join();
  }

  [[nodiscard]] link::KernelRoots roots() const {
    return {folder_.path() / "sys", folder_.path() / "dev"};
  }
  [[nodiscard]] std::filesystem::path function() const {
    return folder_.path() / "sys/bus/pci/devices" / kFunction;
  }
  [[nodiscard]] std::string xdma() const { return (folder_.path() / "dev/xdma0").string(); }
  [[nodiscard]] link::MappedWords& bar0() { return *bar0_; }
  /// As the kernel does with the memory of a card that was pulled out.
  void pull_out() {
    stop_ = true;
    thread_.join();
    thread_ = std::thread([] {});
    std::filesystem::resize_file(function() / "resource0", 0);
    std::filesystem::resize_file(function() / "resource2", 0);
  }

 private:
  static constexpr uint32_t kLog2 = 10;
  static constexpr std::chrono::microseconds kLook{20};
  static constexpr uint32_t kWords = 1u << kLog2;

  void make_bar(const char* name, size_t bytes) {
    std::ofstream(function() / name).close();
    std::filesystem::resize_file(function() / name, bytes);
  }
  std::unique_ptr<link::MappedWords> map(const char* name, size_t bytes) {
    const FileDescriptor file(::open((function() / name).c_str(), O_RDWR | O_CLOEXEC));
    return std::make_unique<link::MappedWords>(file.get(), 0, bytes, name);
  }

  void run() {
    uint32_t head = 0, tail = 0;
    while (!stop_) {
      if (bar0_->read(spec::card::kRegCardCtrl) != 0) {
        bar0_->write(spec::card::kRegCardCtrl, 0u);
        head = tail = 0;
        // The driver waits for the last of them.
        for (const uint32_t counter : {spec::card::kRegRequestTail, spec::card::kRegRequestHead,
                                       spec::card::kRegResponseTail, spec::card::kRegResponseHead})
          bar0_->write(counter, 0u);
      }
      const uint32_t put = bar0_->read(spec::card::kRegRequestTail);
      if (put == head || put - head > kWords) {
        std::this_thread::sleep_for(kLook);
        continue;
      }
      std::vector<uint8_t> bytes;
      for (; head != put; ++head) {
        const uint32_t word = bar2_->read(spec::card::kRequestRing + 4 * (head % kWords));
        bytes.insert(bytes.end(), reinterpret_cast<const uint8_t*>(&word),
                     reinterpret_cast<const uint8_t*>(&word) + sizeof(word));
      }
      bar0_->write(spec::card::kRegRequestHead, head);
      answer(device_.take(bytes), tail);
    }
  }

  void answer(const std::vector<uint8_t>& bytes, uint32_t& tail) {
    for (size_t i = 0; i + 4 <= bytes.size() && !stop_;) {
      if (tail - bar0_->read(spec::card::kRegResponseHead) >= kWords) {
        std::this_thread::sleep_for(kLook);
        continue;
      }
      uint32_t word = 0;
      std::memcpy(&word, bytes.data() + i, sizeof(word));
      bar2_->write(spec::card::kResponseRing + 4 * (tail % kWords), word);
      bar0_->write(spec::card::kRegResponseTail, ++tail);
      i += 4;
    }
  }

  tests::TemporaryFolder folder_;
  LinkDevice device_;
  std::unique_ptr<link::MappedWords> bar0_, bar2_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace crucible::port
