// Sessions, windows, repetition and giving up, against a device model behind a stream that damages
// bytes.
#include "host/port/link_session.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <thread>
#include <tuple>

#include "host/base/deadline.hpp"
#include "host/link/pipe_transport.hpp"
#include "host/port/link_port.hpp"
#include "host/port/refused_error.hpp"
#include "tests/unit/lossy_transport.hpp"

namespace crucible::port {
namespace {

using link::Frame;
using link::Op;
using link::Status;
using Words = std::vector<uint32_t>;

Words numbers(size_t count, uint32_t first = 0) {
  Words words(count);
  std::iota(words.begin(), words.end(), first);
  return words;
}

/// A port to a device model, with what the test needs to look behind it.
struct Rig {
  explicit Rig(const spec::HardwareConfig& config = spec::kConfigSmall, const Damage& damage = {},
               LinkOptions options = {})
      : device(std::make_shared<LinkDevice>(config)) {
    auto owned = std::make_unique<LossyTransport>(device, damage);
    wire = owned.get();
    port = std::make_unique<LinkPort>(std::move(owned), options);
  }
  std::shared_ptr<LinkDevice> device;
  LossyTransport* wire = nullptr;
  std::unique_ptr<LinkPort> port;
};

std::string message_of(const std::function<void()>& action, ErrorKind kind) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(LinkPort, LearnsWindowAndPayloadFromTheDevice) {
  const Rig rig(spec::kConfigTiny);
  EXPECT_EQ(rig.port->session().kept(), 2u);
  EXPECT_EQ(rig.port->session().max_payload(), 32u);
}

TEST(LinkPort, CutsBurstsToThePayloadAndCountsTraffic) {
  Rig rig(spec::kConfigTiny);
  const PortStatistics before = rig.port->statistics();
  rig.port->write(spec::kWindowInput, numbers(64));
  const PortStatistics after = rig.port->statistics();
  EXPECT_EQ(after.frames - before.frames, 2u);
  EXPECT_EQ(after.bytes_sent - before.bytes_sent,
            2 * link::encoded_size(static_cast<uint8_t>(Op::kWrite), 32));
  EXPECT_EQ(after.bytes_received - before.bytes_received, 2 * link::kHeaderBytes);
  EXPECT_EQ(after.retries, 0u);
}

TEST(LinkPort, AnEmptyBurstDoesNothing) {
  Rig rig;
  rig.port->write(0xFFFFFFFC, {});
  EXPECT_TRUE(rig.device->executed().empty());
}

TEST(LinkPort, SequenceNumbersWrapAround) {
  LinkOptions options;
  options.first_sequence = 0xFFF0;
  Rig rig(spec::kConfigSmall, {}, options);
  for (uint32_t i = 0; i < 100; ++i) rig.port->write_word(spec::kRegScratch, i);
  EXPECT_EQ(rig.device->executed().size(), 100u);
  EXPECT_EQ(rig.port->statistics().retries, 0u);
}

/// Records how many requests are unanswered whenever the host stops to read.
class WindowProbe final : public link::ITransport {
 public:
  explicit WindowProbe(std::shared_ptr<LinkDevice> device) : device_(std::move(device)) {}
  void write(std::span<const uint8_t> bytes, link::Clock::time_point) override {
    const auto answer = device_->take(bytes);
    waiting_.insert(waiting_.end(), answer.begin(), answer.end());
    most_ = std::max(most_, waiting_.size() / link::kHeaderBytes);
  }
  size_t read(std::span<uint8_t> bytes, link::Clock::time_point) override {  // one answer at a time
    const size_t count = std::min({bytes.size(), waiting_.size(), link::kHeaderBytes});
    std::copy_n(waiting_.begin(), count, bytes.begin());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }
  [[nodiscard]] std::string describe() const override { return "test:window"; }
  [[nodiscard]] size_t most() const { return most_; }
  void start() { most_ = 0; }

 private:
  std::shared_ptr<LinkDevice> device_;
  std::deque<uint8_t> waiting_;
  size_t most_ = 0;
};

TEST(LinkPort, FillsTheWindowAndNeverMore) {
  auto owned = std::make_unique<WindowProbe>(std::make_shared<LinkDevice>(spec::kConfigSmall));
  WindowProbe& probe = *owned;
  LinkPort port(std::move(owned));
  probe.start();
  const Words words = numbers(512);
  for (int i = 0; i < 5; ++i) {
    const std::vector<Step> steps(8, Step::write(spec::kWindowInput, std::span(words).first(128)));
    port.run(steps);
  }
  EXPECT_EQ(probe.most(), 4u);
}

struct DamageCase {
  const char* name;
  Damage damage;
};

class ExactlyOnce : public testing::TestWithParam<DamageCase> {};

TEST_P(ExactlyOnce, EveryFrameIsCarriedOutOnceAndInOrderWhateverHappensToTheBytes) {
  for (uint32_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(testing::Message() << GetParam().name << ", seed " << seed);
    Damage damage = GetParam().damage;
    damage.seed = seed;
    LinkOptions options;
    options.max_retries = 200;
    options.session = static_cast<uint16_t>(seed);
    options.first_sequence = static_cast<uint16_t>(0xFFE0 + seed);
    Rig rig(spec::kConfigTiny, damage, options);
    std::mt19937 random(seed);
    std::vector<Frame> sent;
    Words mirror(64), scratch(1);
    const auto record = [&](Op op, uint32_t address, const Words& words, size_t count) {
      for (size_t first = 0; first < count; first += 32) {
        Frame frame;
        frame.op = static_cast<uint8_t>(op);
        frame.length = static_cast<uint16_t>(std::min<size_t>(32, count - first));
        frame.address = address + static_cast<uint32_t>(4 * first);
        if (op != Op::kRead)
          frame.payload.assign(words.begin() + static_cast<std::ptrdiff_t>(first),
                               words.begin() + static_cast<std::ptrdiff_t>(first + frame.length));
        sent.push_back(frame);
      }
    };
    for (int i = 0; i < 40; ++i) {
      const size_t first = random() % 64, count = 1 + random() % (64 - first);
      const uint32_t address = spec::kWindowInput + static_cast<uint32_t>(4 * first);
      if (random() % 2 == 0) {
        Words words(count);
        for (uint32_t& word : words) word = random();
        rig.port->write(address, words);
        record(Op::kWrite, address, words, count);
        std::copy(words.begin(), words.end(), mirror.begin() + static_cast<std::ptrdiff_t>(first));
      } else {
        Words words(count);
        rig.port->read(address, words);
        record(Op::kRead, address, {}, count);
        ASSERT_TRUE(std::equal(words.begin(), words.end(),
                               mirror.begin() + static_cast<std::ptrdiff_t>(first)));
      }
    }
    ASSERT_EQ(rig.device->executed().size(), sent.size());
    for (size_t i = 0; i < sent.size(); ++i) {
      const Frame& done = rig.device->executed()[i];
      ASSERT_EQ(done.op, sent[i].op) << i;
      ASSERT_EQ(done.address, sent[i].address) << i;
      ASSERT_EQ(done.length, sent[i].length) << i;
      ASSERT_EQ(done.payload, sent[i].payload) << i;
    }
    EXPECT_GT(rig.port->statistics().retries + rig.port->session().statistics().stale, 0u)
        << "nothing was damaged";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Damages, ExactlyOnce,
    testing::Values(DamageCase{"flip", {.flip = 0.2}}, DamageCase{"drop", {.drop = 0.2}},
                    DamageCase{"cut", {.cut = 0.2}}, DamageCase{"garbage", {.garbage = 0.3}},
                    DamageCase{"twice", {.twice = 0.3}},
                    DamageCase{
                        "all",
                        {.flip = 0.08, .drop = 0.08, .cut = 0.08, .garbage = 0.08, .twice = 0.08}}),
    [](const auto& damage) { return damage.param.name; });

TEST(LinkPort, GivesUpWithTheLastFramesInTheMessageAndStaysGivenUp) {
  LinkOptions options;
  options.max_retries = 3;
  Rig rig(spec::kConfigSmall, {}, options);
  rig.port->write_word(spec::kRegScratch, 5);
  rig.wire->set_silent(true);
  const int before = rig.wire->writes();
  const std::string message =
      message_of([&] { rig.port->write_word(spec::kRegBase, 1); }, ErrorKind::kTimeout);
  EXPECT_EQ(rig.wire->writes() - before, 4);  // once, and three times again
  for (const char* part : {"test:lossy", "no answer to WRITE", "4 attempts", "unknown", "SCRATCH",
                           ": OK", "BASE", ": no answer", "SYNC"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << " is not in:\n" << message;
  }
  rig.wire->set_silent(false);
  EXPECT_NE(
      message_of([&] { std::ignore = rig.port->read_word(spec::kRegScratch); }, ErrorKind::kDevice)
          .find("given up before"),
      std::string::npos);
  EXPECT_EQ(rig.device->executed().size(), 1u);
}

TEST(LinkPort, ASilentDeviceIsNotOpened) {
  auto silent =
      std::make_unique<LossyTransport>(std::make_shared<LinkDevice>(spec::kConfigTiny), Damage{});
  silent->set_silent(true);
  EXPECT_NE(message_of([&] { LinkPort port(std::move(silent)); }, ErrorKind::kTimeout)
                .find("no answer to SYNC"),
            std::string::npos);
}

TEST(LinkPort, OpeningKeepsItsDeadlineOnTheClock) {
  auto pipe = link::make_pipe("test:pipe");
  LinkOptions options;
  options.open_timeout = std::chrono::milliseconds(60);
  options.frame_timeout = std::chrono::milliseconds(20);
  const auto start = Clock::now();
  message_of([&] { LinkPort port(std::move(pipe.first), options); }, ErrorKind::kTimeout);
  const auto took = Clock::now() - start;
  EXPECT_GE(took, std::chrono::milliseconds(60));
  EXPECT_LT(took, std::chrono::seconds(5));  // far from any other time-out
}

TEST(LinkPort, OpensADeviceThatWaitsForTheRestOfAnotherProgramsFrame) {
  const auto device = std::make_shared<LinkDevice>(spec::kConfigFull);
  Frame half{static_cast<uint8_t>(Op::kWrite), 0, 512, 7, 9, spec::kWindowInput, numbers(512)};
  std::vector<uint8_t> bytes;
  link::encode(half, bytes);
  bytes.resize(100);
  device->take(bytes);
  LinkPort port(std::make_unique<LossyTransport>(device, Damage{}));
  port.write_word(spec::kRegScratch, 3);
  EXPECT_EQ(port.read_word(spec::kRegScratch), 3u);
}

/// Answers every request with a fixed change of the device's answer.
class ForgingTransport final : public link::ITransport {
 public:
  using Forge = std::function<void(Frame&)>;
  explicit ForgingTransport(Forge forge) : device_(spec::kConfigTiny), forge_(std::move(forge)) {}
  void write(std::span<const uint8_t> bytes, link::Clock::time_point) override {
    receiver_.push(device_.take(bytes));
    while (auto received = receiver_.next()) {
      forge_(received->frame);
      link::encode(received->frame, waiting_);
    }
  }
  size_t read(std::span<uint8_t> bytes, link::Clock::time_point) override {
    const size_t count = std::min(bytes.size(), waiting_.size());
    std::copy_n(waiting_.begin(), count, bytes.begin());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }
  [[nodiscard]] std::string describe() const override { return "test:forged"; }

 private:
  LinkDevice device_;
  Forge forge_;
  link::FrameReceiver receiver_;
  std::vector<uint8_t> waiting_;
};

std::string open_forged(const ForgingTransport::Forge& forge) {
  return message_of([&] { LinkPort port(std::make_unique<ForgingTransport>(forge)); },
                    ErrorKind::kDevice);
}

TEST(LinkPort, RefusesWhatIsNoCrucibleDevice) {
  EXPECT_NE(open_forged([](Frame& frame) { frame.payload[0] = 0x12345678; }).find("0x12345678"),
            std::string::npos);
}

TEST(LinkPort, RefusesAnotherProtocol) {
  EXPECT_NE(open_forged([](Frame& frame) {
              frame.payload[1] = 7u << 16;
            }).find("protocol 7, this host 1"),
            std::string::npos);
}

TEST(LinkPort, RefusesAnImpossibleWindow) {
  EXPECT_NE(open_forged([](Frame& frame) { frame.payload[2] = 0; }).find("0 kept responses"),
            std::string::npos);
}

TEST(LinkPort, RefusesASyncThatIsNotOk) {
  EXPECT_NE(open_forged([](Frame& frame) { frame.status = 1; }).find("BAD_OP"), std::string::npos);
}

TEST(LinkPort, TellsWhenAnotherProgramHasTakenTheDevice) {
  LinkOptions options;
  options.session = 0x1111;
  Rig rig(spec::kConfigSmall, {}, options);
  options.session = 0x2222;
  LinkPort second(std::make_unique<LossyTransport>(rig.device, Damage{}), options);
  const std::string message =
      message_of([&] { rig.port->write_word(spec::kRegScratch, 1); }, ErrorKind::kDevice);
  EXPECT_NE(message.find("0x2222"), std::string::npos) << message;
  EXPECT_TRUE(rig.device->executed().empty());
  EXPECT_NO_THROW(second.write_word(spec::kRegScratch, 2));
}

TEST(LinkPort, TellsWhenTheDeviceWasReset) {
  Rig rig;
  rig.device->forget_session();
  EXPECT_NE(
      message_of([&] { std::ignore = rig.port->read_word(spec::kRegScratch); }, ErrorKind::kDevice)
          .find("BAD_SESSION"),
      std::string::npos);
}

TEST(LinkPort, AfterARefusalNothingMoreIsSentAndWhatWasUnderWayIsReported) {
  Rig rig;  // kept 4, payload 128
  // OFFSET, 10 frames, with frame 2 damaged on purpose: its first word lies where nothing is.
  std::vector<Words> payloads(10, numbers(8));
  std::vector<Step> steps;
  for (size_t i = 0; i < payloads.size(); ++i) {
    steps.push_back(Step::write(i == 2 ? 0x38 : spec::kWindowInput + static_cast<uint32_t>(32 * i),
                                payloads[i]));
  }
  try {
    rig.port->run(steps);
    FAIL() << "not refused";
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.status(), Status::kBadAddress);
    EXPECT_EQ(error.detail(), 0x38u);
    EXPECT_EQ(error.frame().later_done, rig.device->executed().size() - 3);
    EXPECT_LE(error.frame().later_done, 3u);
  }
  EXPECT_LT(rig.device->executed().size(), 7u);
  rig.port->write_word(spec::kRegScratch, 1);
  EXPECT_EQ(rig.port->read_word(spec::kRegScratch), 1u);
}

TEST(LinkPort, WorksWithADeviceOnAnotherThread) {
  auto [host, other] = link::make_pipe("test:pipe", 256);
  std::jthread thread([end = std::move(other)](const std::stop_token& stop) {
    LinkDevice device(spec::kConfigSmall);
    std::array<uint8_t, 100> bytes;
    try {
      while (!stop.stop_requested()) {
        const size_t count = end->read(bytes, deadline_in(std::chrono::milliseconds(100)));
        if (count > 0)
          end->write(device.take(std::span(bytes).first(count)),
                     deadline_in(std::chrono::seconds(10)));
      }
    } catch (const Error&) {
      // The host has closed its end.
    }
  });
  LinkPort port(std::move(host));
  const Words words = numbers(512);
  port.write(spec::kWindowInput, words);
  Words back(512);
  port.read(spec::kWindowInput, back);
  EXPECT_EQ(back, words);
}

TEST(LinkPort, TellsWhenThePeerHasGone) {
  auto [host, other] = link::make_pipe("test:pipe");
  std::jthread thread([end = std::move(other)]() mutable {
    LinkDevice device(spec::kConfigSmall);
    std::array<uint8_t, 100> bytes;
    const size_t count = end->read(bytes, deadline_in(std::chrono::seconds(10)));
    end->write(device.take(std::span(bytes).first(count)), deadline_in(std::chrono::seconds(10)));
    end.reset();
  });
  LinkPort port(std::move(host));
  thread.join();
  EXPECT_NE(message_of([&] { std::ignore = port.read_word(0); }, ErrorKind::kDevice).find("closed"),
            std::string::npos);
}

}  // namespace
}  // namespace crucible::port
