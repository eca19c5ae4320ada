// What the doctor finds on good devices, and what it says of bad ones.
#include "host/doctor/doctor.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <memory>

#include "host/doctor/device_checks.hpp"
#include "host/doctor/serial_port.hpp"
#include "models/error.hpp"
#include "tests/unit/changed_port.hpp"

namespace crucible::doctor {
namespace {

namespace fs = std::filesystem;
using port::ChangedPort;

std::string verdicts(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings)
    text += f.name +
            (f.verdict == Verdict::kPass   ? "+"
             : f.verdict == Verdict::kFail ? "-"
                                           : "?") +
            " ";
  return text;
}

std::vector<Finding> examine(const std::string& address) {
  size_t told = 0;
  const std::vector<Finding> findings =
      doctor::examine(address, {.bauds = {}, .frames = 20}, [&](const Finding&) { ++told; });
  EXPECT_EQ(told, findings.size());
  return findings;
}

TEST(Doctor, FindsTheModelsGood) {
  EXPECT_EQ(verdicts(examine("model:tiny")), "answer+ identity+ link? memory+ ramp? network+ ");
  EXPECT_EQ(verdicts(examine("model:small")), "answer+ identity+ link? memory+ ramp+ network+ ");
}

TEST(Doctor, SaysThatNobodyAnswersAndWhatToDo) {
  const std::vector<Finding> findings = examine("unix:/no/such/socket");
  EXPECT_EQ(verdicts(findings), "answer- ");
  EXPECT_FALSE(findings[0].advice.empty());
  EXPECT_THROW(examine("nonsense"), Error);
}

TEST(Doctor, LooksAtThePortBeforeItOpensIt) {
  EXPECT_EQ(verdicts(examine("uart:/dev/no-such-port")), "port- ");
  const fs::path file = fs::path(testing::TempDir()) / "doctor-no-port";
  std::ofstream(file) << "a file";
  const Finding no_device = examine_port(file);
  EXPECT_EQ(no_device.verdict, Verdict::kFail);
  EXPECT_NE(no_device.text.find("no device file"), std::string::npos);
  EXPECT_EQ(examine_port("/dev/null").verdict, Verdict::kPass);
  fs::remove(file);
}

TEST(Doctor, SendsNobodyIntoAGroupThatDoesNotHelp) {
  constexpr gid_t kRoot = 0, kOther = 4'000'000;  // a group without a name
  EXPECT_EQ(permission_advice(kOther, 0660), "`sudo usermod -aG 4000000 $USER`, then log in again");
  for (const auto& [group, mode] : {std::pair{kOther, 0600}, {kOther, 0640}, {kRoot, 0660}}) {
    const std::string advice = permission_advice(group, static_cast<mode_t>(mode));
    EXPECT_EQ(advice.find("usermod"), std::string::npos) << advice;
    EXPECT_NE(advice.find("udev"), std::string::npos) << advice;
  }
}

TEST(Doctor, ReadsTheLatencyTimer) {
  const fs::path sysfs = fs::path(testing::TempDir()) / "doctor-sysfs";
  const fs::path port = sysfs / "class/tty/null/device";
  fs::create_directories(port);
  std::ofstream(port / "latency_timer") << 16;
  const Finding slow = examine_latency("/dev/null", sysfs);
  EXPECT_EQ(slow.verdict, Verdict::kFail);
  EXPECT_NE(slow.text.find("16 ms"), std::string::npos);
  EXPECT_NE(slow.advice.find((port / "latency_timer").string()), std::string::npos);
  std::ofstream(port / "latency_timer") << 1;
  EXPECT_EQ(examine_latency("/dev/null", sysfs).verdict, Verdict::kPass);
  EXPECT_EQ(examine_latency("/dev/zero", sysfs).verdict, Verdict::kSkip);
  fs::remove_all(sysfs);
}

TEST(Doctor, NamesAnotherMap) {
  ChangedPort port(spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
    if (address <= spec::kRegMapHash && address + 4 * words.size() > spec::kRegMapHash)
      words[(spec::kRegMapHash - address) / 4] = 0xBADC0DE5;
  });
  const Finding finding = examine_identity(port);
  EXPECT_EQ(finding.verdict, Verdict::kFail);
  EXPECT_NE(finding.text.find("badc0de5"), std::string::npos) << finding.text;
  EXPECT_FALSE(finding.advice.empty());
}

TEST(Doctor, CountsWhatWasSentAgainAndAWordThatSlippedThrough) {
  ChangedPort good(spec::kConfigTiny, [](uint32_t, std::span<uint32_t>) {});
  good.wire.bytes_sent = 4;
  EXPECT_EQ(examine_link(good, "link", 10, 1).verdict, Verdict::kPass);
  ChangedPort lossy(spec::kConfigTiny,
                    [&](uint32_t, std::span<uint32_t>) { ++lossy.wire.retries; });
  lossy.wire.bytes_sent = 4;
  const Finding lost = examine_link(lossy, "link", 10, 1);
  EXPECT_EQ(lost.verdict, Verdict::kFail);
  EXPECT_NE(lost.text.find("10 sent again"), std::string::npos) << lost.text;
  ChangedPort wrong(spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
    if (address == spec::kRegScratch) words[0] ^= 1;
  });
  const Finding finding = examine_link(wrong, "link", 10, 1);
  EXPECT_EQ(finding.verdict, Verdict::kFail);
  EXPECT_NE(finding.text.find("SCRATCH"), std::string::npos);
}

TEST(Doctor, FindsAStuckBitOfAMemory) {
  for (const uint32_t window : {spec::kWindowOffset, spec::kWindowInput}) {
    driver::Accelerator device(std::make_unique<ChangedPort>(
        spec::kConfigTiny, [window](uint32_t address, std::span<uint32_t> words) {
          if (address == window && words.size() > 9) words[9] |= 0x400;
        }));
    const Finding finding = examine_memory(device);
    EXPECT_EQ(finding.verdict, Verdict::kFail);
    EXPECT_NE(finding.text.find("word 9)"), std::string::npos) << finding.text;
  }
}

TEST(Doctor, FindsAProductThatIsNotTheModels) {
  driver::Accelerator device(std::make_unique<ChangedPort>(
      spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
        if (address >= spec::kWindowOutputLo && address < spec::kWindowOutputHi) words[0] += 4096;
      }));
  EXPECT_EQ(examine_network(device, 1).verdict, Verdict::kFail);
}

}  // namespace
}  // namespace crucible::doctor
