// Damaged, truncated and meaningless traffic at the top's stream: nothing is half-applied, nothing
// hangs the device.
#include <algorithm>

#include "tests/cosim/rtl_link.hpp"

namespace crucible::sim {
namespace {

using spec::Op;
using spec::Status;

class LinkDamage : public RtlLink {
 protected:
  /// The device answers a SYNC and obeys: whatever came before has left no trace in its wits. After
  /// a frame that was cut short the first requests may be taken for its rest; a host would repeat
  /// them.
  void expect_alive() {
    for (int attempt = 0; attempt < 4; ++attempt) {
      Request sync;
      sync.op = static_cast<uint8_t>(Op::kSync);
      sync.session = kSession;
      // Long enough to fill up any payload that the device still waits for.
      for (int copies = 0; copies < (attempt == 0 ? 1 : config_.max_payload / 4 + 2); ++copies)
        client_.send(encode(sync));
      port_.clock();
      bool answered = false;
      while (auto response = client_.receive(kSoon)) {
        answered |= response->op == static_cast<uint8_t>(Op::kSync) + spec::kResponseFlag &&
                    response->session == kSession;
      }
      if (!answered) continue;
      EXPECT_EQ(client_.sync(kSession, 7).status, Status::kOk);
      client_.put_word(spec::kRegScratch, 0xa11e);
      EXPECT_EQ(client_.get_word(spec::kRegScratch), 0xa11eu);
      return;
    }
    ADD_FAILURE() << "no answer to SYNC";
  }
};

TEST_P(LinkDamage, DropsAHeaderWithAnyWrongBitInSilence) {
  for (int trial = 0; trial < 40; ++trial) {
    Request request = client_.next(Op::kRead, spec::kRegScratch, 1);
    std::vector<uint32_t> words = encode(request);
    const size_t word = 1 + random(4);
    words[word] ^= 1u << random(32);
    expect_silence(words);
    client_.set_sequence(request.sequence);  // not used up
    EXPECT_EQ(client_.read(spec::kRegScratch, 1).status, Status::kOk);
  }
  EXPECT_EQ(client_.get_word(spec::kRegError), spec::kErrorHcrcMask);
}

TEST_P(LinkDamage, ADamagedPayloadWritesNothingAndKeepsTheNumber) {
  const std::vector<uint32_t> before = client_.get(spec::kWindowInput, 4);
  for (int trial = 0; trial < 40; ++trial) {
    Request request = client_.next(Op::kWrite, spec::kWindowInput, 4);
    for (int i = 0; i < 4; ++i) request.payload.push_back(static_cast<uint32_t>(random_()));
    std::vector<uint32_t> words = encode(request);
    words[spec::kHeaderWords + random(5)] ^= 1u << random(32);
    client_.send(words);
    port_.clock();
    const auto response = client_.receive(kSoon);
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, Status::kPayloadCrc);
    EXPECT_EQ(response->sequence, request.sequence);
    client_.set_sequence(request.sequence);
    EXPECT_EQ(client_.get(spec::kWindowInput, 4), before);
  }
  EXPECT_EQ(client_.get_word(spec::kRegError), spec::kErrorPcrcMask);
}

TEST_P(LinkDamage, TheRepetitionOfADamagedWriteIsExecuted) {
  Request request = client_.next(Op::kWrite, spec::kRegScratch, 1);
  request.payload = {42};
  std::vector<uint32_t> damaged = encode(request);
  damaged.back() ^= 1;
  client_.send(damaged);
  client_.send(encode(request));
  port_.clock();
  EXPECT_EQ(client_.receive(kSoon)->status, Status::kPayloadCrc);
  EXPECT_EQ(client_.receive(kSoon)->status, Status::kOk);
  EXPECT_EQ(client_.get_word(spec::kRegScratch), 42u);
}

TEST_P(LinkDamage, EveryBitOfAnOperationCounts) {
  for (const Op op : {Op::kSync, Op::kRead, Op::kWaitIdle}) {
    for (int bit = 3; bit < 16; ++bit) {  // below it there are other operations
      const Request request = client_.next(op, spec::kRegMagic, op == Op::kRead ? 1 : 0);
      std::vector<uint32_t> words = encode(request);
      words[1] ^= 1u << bit;
      words[4] = crc_of_words({words.data() + 1, 3});
      client_.send(words);
      const std::optional<Response> response = client_.receive(kSoon);
      ASSERT_TRUE(response.has_value()) << "operation " << int{request.op} << ", bit " << bit;
      EXPECT_EQ(response->status, spec::Status::kBadOp) << int{request.op} << ", bit " << bit;
    }
  }
}

TEST_P(LinkDamage, SkipsWordsBetweenFrames) {
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<uint32_t> noise(random(20));
    for (uint32_t& word : noise) word = static_cast<uint32_t>(random_());
    std::replace(noise.begin(), noise.end(), spec::kPreamble, 0u);
    client_.send(noise);
    EXPECT_EQ(client_.read(spec::kRegMagic, 1).payload.at(0), spec::kMagicValue);
  }
  EXPECT_EQ(client_.get_word(spec::kRegError), 0u);
}

TEST_P(LinkDamage, GivesUpAFrameWhoseRestNeverComes) {
  constexpr uint64_t kPatience = 1 << 20;  // cycles after the frame's last word
  Request request = client_.next(Op::kWrite, spec::kRegScratch, 8);
  request.payload.assign(8, 1);
  const std::vector<uint32_t> words = encode(request);
  const auto pause = [&](size_t cut) {
    client_.set_sequence(request.sequence);
    client_.send({words.data(), cut});
    while (port_.words_waiting() > 0) port_.clock();
    uint64_t waited = 0;
    for (; !top_->outputs().link_idle && waited < 2 * kPatience; ++waited) port_.clock();
    return waited;
  };
  for (const auto& [cut, error] : {std::pair{7, spec::kErrorPcrcMask}, {3, spec::kErrorHcrcMask}}) {
    EXPECT_EQ(pause(static_cast<size_t>(cut)), kPatience + 1);
    EXPECT_EQ(client_.get_word(spec::kRegError), error);
    client_.put_word(spec::kRegError, error);
    request.sequence = client_.sequence();
  }
  EXPECT_EQ(client_.get_word(spec::kRegScratch), 0u);
}

TEST_P(LinkDamage, AChangeOfTheLinkDropsWhatIsHalfWay) {
  Request request = client_.next(Op::kWrite, spec::kRegScratch, 8);
  request.payload.assign(8, 1);
  const std::vector<uint32_t> words = encode(request);
  client_.send({words.data(), 9});
  for (int i = 0; i < 1000; ++i) port_.clock();
  for (const bool stream : {false, true}) {
    port_.inputs().link_sel = stream;
    for (int i = 0; i < 10; ++i) port_.clock();
  }
  client_.set_sequence(request.sequence);
  EXPECT_EQ(client_.read(spec::kRegScratch, 1).payload.at(0), 0u);
}

TEST_P(LinkDamage, AChangeOfTheLinkDropsAllResponsesThatWait) {
  for (int i = 0; i < config_.kept; ++i)
    client_.send(encode(client_.next(Op::kRead, spec::kRegMagic, 4)));
  while (port_.words_waiting() > 0) port_.clock();
  for (int i = 0; i < 200; ++i) top_->clock({.tx_ready = false});
  for (const bool stream : {false, true}) {
    port_.inputs().link_sel = stream;
    for (int i = 0; i < 10; ++i) port_.clock();
  }
  port_.received().clear();
  for (int i = 0; i < 1000; ++i) port_.clock();
  EXPECT_TRUE(port_.received().empty());
  EXPECT_TRUE(port_.quiet());
  client_.sync(kSession, 0);
  for (int i = 0; i < 4 * config_.kept; ++i)  // no slot is taken for waiting
    EXPECT_EQ(client_.read(spec::kRegMagic, 1).payload.at(0), spec::kMagicValue);
}

TEST_P(LinkDamage, AChangeOfTheLinkDropsTheRestOfAResponse) {
  client_.send(encode(client_.next(Op::kRead, spec::kRegMagic, 4)));
  for (int i = 0; i < 1000 && port_.received().empty(); ++i) port_.clock();
  ASSERT_EQ(port_.received().size(), 1u);
  for (const bool stream : {false, true}) {
    port_.inputs().link_sel = stream;
    for (int i = 0; i < 10; ++i) port_.clock();
  }
  port_.received().clear();
  for (int i = 0; i < 1000; ++i) port_.clock();
  EXPECT_TRUE(port_.received().empty());
  EXPECT_EQ(client_.read(spec::kRegMagic, 1).payload.at(0), spec::kMagicValue);
}

TEST_P(LinkDamage, SurvivesRandomTraffic) {
  for (int trial = 0; trial < 150; ++trial) {
    std::vector<uint32_t> words;
    Request request;
    request.op = static_cast<uint8_t>(random(4) != 0 ? 1 + random(5) : random(256));
    request.session = kSession;
    request.sequence = static_cast<uint16_t>(random(2) != 0 ? client_.sequence() : random_());
    request.address = static_cast<uint32_t>(random(2) != 0 ? 4 * random(64) : random_());
    if (request.op == static_cast<uint8_t>(Op::kWaitIdle))
      request.address = static_cast<uint32_t>(random(1000));
    const size_t length = 1 + random(static_cast<uint64_t>(config_.max_payload));
    request.length = static_cast<uint16_t>(random(8) != 0 ? length : random_());
    if (request.op == static_cast<uint8_t>(Op::kWrite) ||
        request.op == static_cast<uint8_t>(Op::kWriteFixed)) {
      for (size_t i = 0; i < length; ++i)
        request.payload.push_back(static_cast<uint32_t>(random(2) != 0 ? random(64) : random_()));
    }
    words = encode(request);
    if (random(3) == 0) words[random(words.size())] ^= 1u << random(32);
    if (random(4) == 0) words.resize(random(words.size()));
    client_.send(words);
    port_.clock();
    while (client_.receive(kSoon)) {
    }
    if (trial % 10 == 9) {
      ASSERT_NO_FATAL_FAILURE(expect_alive());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, LinkDamage,
                         testing::ValuesIn(tested_configs({"tiny", "small"})), config_case_name);

}  // namespace
}  // namespace crucible::sim
