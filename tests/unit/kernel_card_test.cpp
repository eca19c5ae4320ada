// The ways to a card that go through the kernel, over plain files in its place: sysfs, the XDMA
// driver's files, and what VFIO says before it needs a kernel. VFIO itself runs in `make
// test-pcie`.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <functional>

#include "host/base/deadline.hpp"
#include "host/link/address.hpp"
#include "host/link/pcie/open_card.hpp"
#include "host/link/pcie/ring_transport.hpp"
#include "host/port/link_port.hpp"
#include "models/error.hpp"
#include "tests/unit/file_card.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::unique_ptr<link::ICard> open(const FileCard& card, const std::string& scheme) {
  const std::string address =
      scheme + ":" + (scheme == "xdma" ? card.xdma() : std::string(FileCard::kFunction));
  return link::open_card(link::parse_address(address), card.roots());
}

/// A stream through a card of its own.
class FileCardTransport final : public link::ITransport {
 public:
  FileCardTransport(const spec::HardwareConfig& config, const std::string& scheme)
      : card_(config), rings_(open(card_, scheme), deadline_in(10s)) {}
  void write(std::span<const uint8_t> bytes, link::Clock::time_point deadline) override {
    rings_.write(bytes, deadline);
  }
  size_t read(std::span<uint8_t> bytes, link::Clock::time_point deadline) override {
    return rings_.read(bytes, deadline);
  }
  [[nodiscard]] std::string describe() const override { return rings_.describe(); }

 private:
  FileCard card_;
  link::RingTransport rings_;
};

PortCase file_case(const std::string& scheme) {
  return {scheme, [scheme] {
            return std::make_unique<LinkPort>(
                std::make_unique<FileCardTransport>(spec::kConfigTiny, scheme));
          }};
}

class KernelCard : public testing::Test {
 protected:
  static std::string error_of(const std::function<void()>& action,
                              ErrorKind kind = ErrorKind::kDevice) {
    try {
      action();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    return "";
  }
  void expect_error(const std::string& scheme, const std::vector<std::string>& parts) {
    const std::string message = error_of([&] { open(card_, scheme); });
    EXPECT_EQ(message.find(scheme + ":"), 0u) << message;
    for (const std::string& part : parts)
      EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
  }
  void bind(const std::string& driver) {
    fs::remove(card_.function() / "driver");
    if (!driver.empty())
      fs::create_symlink("../../../bus/pci/drivers/" + driver, card_.function() / "driver");
  }

  FileCard card_{spec::kConfigTiny};
};

TEST_F(KernelCard, SysfsEnablesTheFunctionAndSaysWhatItIs) {
  const auto card = open(card_, "pcie");
  EXPECT_EQ(card->describe(), "pcie:0000:03:00.0 (1234:c1c1, class 120000)");
  std::string enabled;
  std::ifstream(card_.function() / "enable") >> enabled;
  EXPECT_EQ(enabled, "1");
  EXPECT_FALSE(card->has_interrupt());
}

TEST_F(KernelCard, SysfsSaysWhatIsMissing) {
  EXPECT_NE(error_of([&] {
              std::ignore =
                  link::open_card(link::parse_address("pcie:0000:04:00.0"), card_.roots());
            }).find("there is no PCI function 0000:04:00.0"),
            std::string::npos);
  fs::resize_file(card_.function() / "resource2", 4096);
  expect_error("pcie", {"BAR2 has 4096 bytes, a Crucible card's has 1048576"});
  fs::remove(card_.function() / "resource0");
  expect_error("pcie", {"(1234:c1c1, class 120000): BAR0 has 0 bytes"});
}

TEST_F(KernelCard, ACardThatIsPulledOutIsAnErrorNotASignal) {
  for (const char* const scheme : {"pcie", "xdma"}) {
    SCOPED_TRACE(scheme);
    FileCard there(spec::kConfigTiny);
    LinkPort port(std::make_unique<link::RingTransport>(open(there, scheme), deadline_in(10s)));
    EXPECT_EQ(port.read_word(spec::kRegMagic), spec::kMagicValue);
    there.pull_out();
    const std::string message = error_of([&] { std::ignore = port.read_word(spec::kRegMagic); });
    EXPECT_NE(message.find("BAR"), std::string::npos) << message;
    EXPECT_NE(message.find("the card has gone away"), std::string::npos) << message;
  }
}

TEST_F(KernelCard, ABusErrorFromElsewhereStillEndsTheProgram) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        ::signal(SIGBUS, SIG_DFL);  // a sanitizer has a handler of its own
        open(card_, "pcie");
        ::raise(SIGBUS);
        ::raise(SIGBUS);  // the handler has stepped back
      },
      testing::KilledBySignal(SIGBUS), "");
}

TEST_F(KernelCard, XdmaSaysWhatIsMissing) {
  fs::remove(card_.xdma() + "_c2h_0");
  expect_error("xdma", {"_c2h_0: No such file", "modprobe xdma"});
  EXPECT_NE(error_of([] {
              std::ignore = link::open_card(link::parse_address("xdma:/dev/null"));
            }).find("/dev/null_user"),
            std::string::npos);
}

TEST_F(KernelCard, VfioSaysWhatIsMissing) {
  expect_error("vfio", {"no IOMMU group", "intel_iommu=on"});
  fs::create_symlink("../../../kernel/iommu_groups/7", card_.function() / "iommu_group");
  expect_error("vfio", {"bound to no driver, not to vfio-pci", "driver_override", "drivers_probe"});
  bind("nvme");
  expect_error("vfio", {"bound to 'nvme'", "echo 0000:03:00.0 > ", "/driver/unbind"});
  bind("vfio-pci");
  expect_error("vfio", {"cannot open ", "/vfio/vfio: No such file", "modprobe vfio-pci"});
  fs::create_directory(card_.roots().dev / "vfio");
  std::ofstream(card_.roots().dev / "vfio/vfio");
  expect_error("vfio", {"/vfio/7: No such file", "read and write access"});
  std::ofstream(card_.roots().dev / "vfio/7");
  expect_error("vfio", {"VFIO: version", "this is no VFIO container"});
}

INSTANTIATE_TEST_SUITE_P(Files, PortConformance,
                         testing::Values(file_case("pcie"), file_case("xdma")), port_case_name);

}  // namespace
}  // namespace crucible::port
