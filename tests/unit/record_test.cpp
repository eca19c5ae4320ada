// What a recording keeps, and where a replay finds the first answer that differs.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "host/driver/accelerator.hpp"
#include "host/port/model_port.hpp"
#include "host/port/refused_error.hpp"
#include "host/record/recording_port.hpp"
#include "host/record/replay.hpp"
#include "models/error.hpp"
#include "tests/unit/changed_port.hpp"

namespace crucible::record {
namespace {

using namespace std::chrono_literals;
using port::ChangedPort;
using port::ModelPort;

class Recordings : public testing::Test {
 protected:
  Recordings() {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    file_ = std::filesystem::path(testing::TempDir()) / ("crucible-" + name + ".rec");
  }
  ~Recordings() override { std::filesystem::remove(file_); }

  /// Cells, a job, its results, a refusal.
  void record_some() const {
    RecordingPort port(std::make_unique<ModelPort>(spec::kConfigTiny), "model:tiny", file_);
    use(port);
  }
  static void use(port::IPort& port) {
    std::vector<uint32_t> offsets(16), back(16);
    for (uint32_t i = 0; i < 16; ++i) offsets[i] = 0x01020304 * (i + 1);
    port.write(spec::kWindowOffset, offsets);
    port.read(spec::kWindowOffset, back);
    EXPECT_EQ(back, offsets);
    port.write(spec::kRegJobBank, std::vector<uint32_t>{0, 16, 4, 2, 0, 4, 0, 1});
    port.wait_idle(100'000);
    port.read(spec::kWindowOutputLo, std::span(back).first(2));
    EXPECT_THROW(port.write_word(spec::kRegAdc, ~0U), port::RefusedError);
    static_cast<void>(port.read_word(spec::kRegBusyCycles));
  }
  [[nodiscard]] ReplayResult replay_on(port::IPort& port) const {
    Reader reader(file_);
    return replay(reader, port, {.patience = 50ms});
  }
  static std::string message_of(ErrorKind kind, const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  std::filesystem::path file_;
};

TEST_F(Recordings, KeepEveryStepWithItsAnswerAndTheDevicesTime) {
  record_some();
  Reader reader(file_);
  EXPECT_EQ(reader.header().map_hash, spec::kMapHash);
  EXPECT_EQ(reader.header().config, "tiny");
  EXPECT_EQ(reader.header().address, "model:tiny");
  std::vector<Transaction> all;
  while (auto t = reader.next()) all.push_back(*t);
  EXPECT_FALSE(reader.cut());
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all[0].op, spec::Op::kWrite);
  EXPECT_EQ(all[1].op, spec::Op::kRead);
  EXPECT_EQ(all[1].words, all[0].words);
  EXPECT_EQ(all[3].op, spec::Op::kWaitIdle);
  EXPECT_EQ(all[3].address, 100'000U);
  EXPECT_EQ(all[5].status, spec::Status::kBadValue);
  EXPECT_EQ(all[5].words, std::vector<uint32_t>{~0U});
  for (size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i].cycle, all[i - 1].cycle);
  EXPECT_EQ(describe(all[5]), "WRITE of 1 word at 0x00000048 (ADC): refused, BAD_VALUE (0x48)");
}

TEST_F(Recordings, PlayAgainstADeviceThatAnswersAlike) {
  record_some();
  ModelPort port(spec::kConfigTiny);
  const ReplayResult result = replay_on(port);
  EXPECT_FALSE(result.divergence);
  EXPECT_EQ(result.transactions, 7U);
  EXPECT_EQ(result.polls, 0U);
}

TEST_F(Recordings, NameTheFirstCellThatDiffers) {
  record_some();
  ChangedPort port(spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
    if (address == spec::kWindowOffset && words.size() == 16) words[5] ^= 0x100;
  });
  const ReplayResult result = replay_on(port);
  ASSERT_TRUE(result.divergence);
  EXPECT_EQ(result.divergence->number, 2U);
  EXPECT_EQ(result.divergence->word, 5U);
  EXPECT_EQ(result.divergence->place, "0x02000014 (OFFSET word 5), bank 0, row 5, column 1");
  EXPECT_EQ(result.divergence->before.size(), 2U);
  const std::string text = describe(*result.divergence, Reader(file_).header(), "here");
  EXPECT_NE(text.find("recorded  0x060c1218"), std::string::npos) << text;
  EXPECT_NE(text.find("now       0x060c1318"), std::string::npos) << text;
}

TEST_F(Recordings, NameARefusalThatDidNotComeAndKeepThirtyTwoStepsBefore) {
  {
    RecordingPort port(std::make_unique<ModelPort>(spec::kConfigTiny), "model:tiny", file_);
    for (uint32_t i = 0; i < 50; ++i) port.write_word(spec::kRegScratch, i);
    static_cast<void>(port.read_word(spec::kRegScratch));
  }
  ChangedPort port(spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
    if (address == spec::kRegScratch)
      throw port::RefusedError(
          "here",
          {.address = address, .words = words.size(), .status = spec::Status::kBusy, .detail = 7});
  });
  const ReplayResult result = replay_on(port);
  ASSERT_TRUE(result.divergence);
  EXPECT_EQ(result.divergence->number, 51U);
  EXPECT_EQ(result.divergence->found.status, spec::Status::kBusy);
  EXPECT_EQ(result.divergence->before.size(), 32U);
}

TEST_F(Recordings, WaitForARegisterAndSkipPollsAndTime) {
  {
    RecordingPort port(std::make_unique<ModelPort>(spec::kConfigTiny), "model:tiny", file_);
    port.write_word(spec::kRegScratch, 9);
    for (int i = 0; i < 4; ++i) static_cast<void>(port.read_word(spec::kRegScratch));
    std::array<uint32_t, 2> time{};
    port.read(spec::kRegCyclesLo, time);
  }
  int looks = 0;
  ChangedPort port(spec::kConfigTiny, [&](uint32_t address, std::span<uint32_t> words) {
    if (address == spec::kRegScratch && ++looks < 3) words[0] = 1;  // slower than the first device
    if (address == spec::kRegCyclesLo) words[0] += 12345;
  });
  const ReplayResult result = replay_on(port);
  EXPECT_FALSE(result.divergence);
  EXPECT_EQ(result.polls, 3U);
  EXPECT_EQ(looks, 3);
}

/// Whoever waits looks at other registers, too: of each, the last look counts.
TEST_F(Recordings, SkipPollsWithReadsOfOtherRegistersBetweenThem) {
  {
    uint32_t looks = 0;
    RecordingPort port(
        std::make_unique<ChangedPort>(spec::kConfigTiny,
                                      [&](uint32_t address, std::span<uint32_t> words) {
                                        if (address == spec::kRegScratch) words[0] = ++looks;
                                      }),
        "slow:tiny", file_);
    for (int i = 0; i < 4; ++i) {
      static_cast<void>(port.read_word(spec::kRegScratch));
      static_cast<void>(port.read_word(spec::kRegStatus));
    }
    port.write_word(spec::kRegScratch, 4);
    static_cast<void>(port.read_word(spec::kRegStatus));
  }
  ChangedPort port(spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
    if (address == spec::kRegScratch) words[0] = 4;
  });
  const ReplayResult result = replay_on(port);
  EXPECT_FALSE(result.divergence);
  EXPECT_EQ(result.transactions, 10U);
  EXPECT_EQ(result.polls, 6U);
}

/// A device as slow as the recorded one may take longer than the patience.
TEST_F(Recordings, GiveADeviceTheClockCyclesThatTheRecordedOneTook) {
  {
    RecordingPort port(std::make_unique<ModelPort>(spec::kConfigTiny), "model:tiny", file_);
    port.write_word(spec::kRegScratch, 9);
    for (int i = 0; i < 200; ++i) static_cast<void>(port.read_word(spec::kRegStatus));
    static_cast<void>(port.read_word(spec::kRegScratch));
  }
  int looks = 0;
  ChangedPort port(spec::kConfigTiny, [&](uint32_t address, std::span<uint32_t> words) {
    if (address != spec::kRegScratch) return;
    std::this_thread::sleep_for(5ms);
    if (++looks < 20) words[0] = 1;
  });
  EXPECT_FALSE(replay_on(port).divergence);  // 100 ms, and the patience is 50
  EXPECT_EQ(looks, 20);
}

TEST_F(Recordings, EndTheirPatienceWithARegisterThatNeverShowsIt) {
  {
    RecordingPort port(std::make_unique<ModelPort>(spec::kConfigTiny), "model:tiny", file_);
    port.write_word(spec::kRegScratch, 9);
    static_cast<void>(port.read_word(spec::kRegScratch));
  }
  ChangedPort port(spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
    if (address == spec::kRegScratch) words[0] = 1;
  });
  const ReplayResult result = replay_on(port);
  ASSERT_TRUE(result.divergence);
  EXPECT_GT(result.divergence->first_look, 0U);
  EXPECT_LT(result.divergence->first_look, result.divergence->found.cycle);
  const std::string text = describe(*result.divergence, Reader(file_).header(), "here");
  EXPECT_NE(text.find(fmt::format("cycle {}, looked at since cycle {})",
                                  result.divergence->found.cycle, result.divergence->first_look)),
            std::string::npos)
      << text;
}

TEST_F(Recordings, OfAnotherDeviceOrMapAreRefusedWithBothSides) {
  record_some();
  ModelPort other(spec::kConfigSmall);
  const std::string error =
      message_of(ErrorKind::kMismatch, [&] { static_cast<void>(replay_on(other)); });
  EXPECT_NE(error.find("of configuration"), std::string::npos) << error;
  ChangedPort map(spec::kConfigTiny, [](uint32_t address, std::span<uint32_t> words) {
    if (address == spec::kRegMapHash) words[0] = 0xBADC0DE5;
  });
  const std::string mapped =
      message_of(ErrorKind::kMismatch, [&] { static_cast<void>(replay_on(map)); });
  EXPECT_NE(mapped.find("badc0de5"), std::string::npos) << mapped;
}

TEST_F(Recordings, ThatAreCutPlayUpToThereAndRubbishIsRefused) {
  record_some();
  // The host was killed: the stream ends anywhere.
  std::ifstream in(file_, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  std::ofstream(file_, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()) - 20);
  ModelPort port(spec::kConfigTiny);
  const ReplayResult result = replay_on(port);
  EXPECT_FALSE(result.divergence);
  EXPECT_TRUE(result.cut);
  EXPECT_GE(result.transactions, 6U);  // the refusal was synchronised

  std::ofstream(file_, std::ios::binary) << "no recording at all";
  EXPECT_NE(message_of(ErrorKind::kData, [&] { Reader reader(file_); }).find("it is none"),
            std::string::npos);
  std::ofstream(file_, std::ios::binary) << R"({"schema":1})" << '\n';
  EXPECT_NE(message_of(ErrorKind::kData, [&] { Reader reader(file_); }).find("it is none"),
            std::string::npos);
  gzFile file = gzopen(file_.c_str(), "wb");
  const std::string header = R"({"schema":"crucible.recording/1","program":"p","address":"a",)"
                             R"("map_hash":1,"config_hash":2,"config":"tiny"})"
                             "\n";
  gzwrite(file, header.data(), static_cast<unsigned>(header.size()));
  const std::array<uint8_t, 24> record{99};
  gzwrite(file, record.data(), record.size());
  gzclose(file);
  Reader reader(file_);
  EXPECT_NE(message_of(ErrorKind::kData, [&] { static_cast<void>(reader.next()); })
                .find("record 1 is damaged"),
            std::string::npos);
  EXPECT_NE(message_of(ErrorKind::kData, [&] { Reader none(file_.string() + ".none"); })
                .find("cannot be read"),
            std::string::npos);
}

TEST_F(Recordings, AreAnAddressAroundAnother) {
  {
    driver::Accelerator device(open_port(recorded(file_, "model:tiny")));
    EXPECT_EQ(device.identity().config_name, "tiny");
  }
  ModelPort port(spec::kConfigTiny);
  EXPECT_GT(replay_on(port).transactions, 0U);
  EXPECT_NE(message_of(ErrorKind::kUsage, [] { static_cast<void>(open_port("record:x")); })
                .find("record:FILE,ADDRESS"),
            std::string::npos);
  EXPECT_NE(message_of(ErrorKind::kData,
                       [] { static_cast<void>(open_port("record:/no/such/folder/x,model:tiny")); })
                .find("cannot be written"),
            std::string::npos);
}

}  // namespace
}  // namespace crucible::record
