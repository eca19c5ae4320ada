// docs/link_protocol.md at the top's stream: sessions, sequence numbers, kept responses, statuses.
#include <deque>
#include <functional>
#include <tuple>

#include "tests/cosim/rtl_link.hpp"
#include "tests/cosim/tile_windows.hpp"

namespace crucible::sim {
namespace {

using spec::Op;
using spec::Status;

class LinkProtocol : public RtlLink {
 protected:
  /// A write of SCRATCH, as a frame that can be sent again.
  Request scratch_write(uint32_t value) {
    Request request = client_.next(Op::kWrite, spec::kRegScratch, 1);
    request.payload = {value};
    return request;
  }
  uint32_t scratch() { return client_.get_word(spec::kRegScratch); }
  uint32_t errors() { return client_.get_word(spec::kRegError); }
  /// Starts a job that runs for at least out_words cycles.
  void start_long_job() {
    const auto u = [](int value) { return static_cast<uint32_t>(value); };
    const uint32_t words[] = {
        0, u(config_.rows), u(config_.cols), u(config_.out_words / (config_.cols / 4)), 0, 0, 0, 1};
    client_.put(spec::kRegJobBank, words);
  }
};

TEST_P(LinkProtocol, SyncReturnsIdentityAndTakesOverTheNumbers) {
  const Response response = client_.sync(0x1234, 0xfffe);
  EXPECT_EQ(response.status, Status::kOk);
  EXPECT_EQ(response.op, static_cast<uint8_t>(Op::kSync) + spec::kResponseFlag);
  EXPECT_EQ(response.session, 0x1234);
  EXPECT_EQ(response.sequence, 0xfffe);
  ASSERT_EQ(response.payload.size(), 3u);
  EXPECT_EQ(response.payload[0], spec::kMagicValue);
  EXPECT_EQ(response.payload[1], client_.get_word(spec::kRegVersion));   // 0xffff
  EXPECT_EQ(response.payload[2], client_.get_word(spec::kRegLinkInfo));  // 0, modulo 2^16
  EXPECT_EQ(client_.sequence(), 1);
}

TEST_P(LinkProtocol, EchoesSessionAndSequenceNumber) {
  const uint16_t sequence = client_.sequence();
  const Response response = client_.read(spec::kRegScratch, 1);
  EXPECT_EQ(response.sequence, sequence);
  EXPECT_EQ(response.session, kSession);
  EXPECT_EQ(response.op, static_cast<uint8_t>(Op::kRead) + spec::kResponseFlag);
  EXPECT_EQ(response.detail, 0u);
  EXPECT_FALSE(response.error_flag);
}

TEST_P(LinkProtocol, ARepeatedRequestIsAnsweredAndNotExecuted) {
  const Request first = scratch_write(1);
  EXPECT_EQ(client_.transact(first).status, Status::kOk);
  const Request second = scratch_write(2);
  EXPECT_EQ(client_.transact(second).status, Status::kOk);
  if (config_.kept >= 2) {
    const Response again = resend(first);
    EXPECT_EQ(again.status, Status::kOk);
    EXPECT_EQ(again.sequence, first.sequence);
  }
  EXPECT_EQ(scratch(), 2u);
}

TEST_P(LinkProtocol, ARepeatedReadReturnsWhatItReturnedBefore) {
  client_.put_word(spec::kRegScratch, 77);
  const Request read = client_.next(Op::kRead, spec::kRegScratch, 1);
  EXPECT_EQ(client_.transact(read).payload.at(0), 77u);
  client_.put_word(spec::kRegScratch, 78);
  EXPECT_EQ(resend(read).payload.at(0), 77u);
  EXPECT_EQ(scratch(), 78u);
}

TEST_P(LinkProtocol, ARepeatedRefusalIsTheSameRefusal) {
  Request bad = client_.next(Op::kWrite, spec::kRegBase, 1);
  bad.payload = {256};
  const Response first = client_.transact(bad);
  const Response again = resend(bad);
  EXPECT_EQ(first.status, Status::kBadValue);
  EXPECT_EQ(again.status, Status::kBadValue);
  EXPECT_EQ(again.detail, first.detail);
}

TEST_P(LinkProtocol, KeepsAsManyResponsesAsItSays) {
  std::deque<Request> requests;
  for (int i = 0; i < config_.kept + 1; ++i) {
    requests.push_back(scratch_write(static_cast<uint32_t>(i)));
    EXPECT_EQ(client_.transact(requests.back()).status, Status::kOk);
  }
  const Response forgotten = resend(requests.front());
  EXPECT_EQ(forgotten.status, Status::kBadSequence);
  EXPECT_EQ(forgotten.detail, client_.sequence());
  requests.pop_front();
  for (const Request& request : requests) EXPECT_EQ(resend(request).status, Status::kOk);
  EXPECT_EQ(scratch(), static_cast<uint32_t>(config_.kept));
  EXPECT_NE(errors() & spec::kErrorSequenceMask, 0u);
}

TEST_P(LinkProtocol, RefusesOlderNumbersWhicheverBitOfTheirAgeIsSet) {
  Request request;
  for (int i = 0; i < config_.kept; ++i) {
    request = scratch_write(1);
    EXPECT_EQ(client_.transact(request).status, Status::kOk);
  }
  const uint16_t expected = client_.sequence();
  for (unsigned bit = 0; bit < 16; ++bit) {
    const unsigned age = 1U << bit;  // the newest kept response has age 0
    if (age < static_cast<unsigned>(config_.kept)) continue;
    request.sequence = static_cast<uint16_t>(expected - 1U - age);
    const Response response = resend(request);
    EXPECT_EQ(response.status, Status::kBadSequence) << "age " << age;
    EXPECT_EQ(response.detail, expected);
  }
}

TEST_P(LinkProtocol, ARepeatedRequestIsAnsweredWhateverItsNumber) {
  for (unsigned bit = 0; bit < 16; ++bit) {
    for (const uint32_t number : {1u << bit, 0xffffu ^ 1u << bit}) {
      client_.sync(kSession, static_cast<uint16_t>(number - 2));  // itself takes a number
      const Request before = scratch_write(1);
      const Request request = scratch_write(2);
      EXPECT_EQ(request.sequence, static_cast<uint16_t>(number));
      EXPECT_EQ(client_.transact(before).status, Status::kOk);
      EXPECT_EQ(client_.transact(request).status, Status::kOk);
      EXPECT_EQ(resend(before).status, Status::kOk);
      EXPECT_EQ(resend(request).status, Status::kOk);
      EXPECT_EQ(scratch(), 2u);
    }
  }
}

TEST_P(LinkProtocol, AnswersRefusalsThatWaitEachWithItsOwnNumber) {
  constexpr int kRefusals = 8;
  StreamPort slow(*top_, {.stall = 0.95, .seed = test_seed()});
  FrameClient client(slow, kSession + 1);
  for (int i = 0; i < kRefusals; ++i) client.send(encode(client.next(Op::kRead, 0, 1)));
  for (int i = 0; i < kRefusals; ++i) {
    const auto response = client.receive(kSoon);
    ASSERT_TRUE(response.has_value()) << i;
    EXPECT_EQ(response->status, Status::kBadSession);
    EXPECT_EQ(response->sequence, i);
  }
}

TEST_P(LinkProtocol, LooksAtTheEndsOfABurstInAWindowAlone) {
  constexpr uint64_t kSlack = 4;
  StreamPort port(*top_);
  FrameClient client(port, kSession);
  client.set_sequence(client_.sequence());
  const auto cycles = [&](uint32_t address, bool writes, uint16_t words) {
    Request request = client.next(writes ? Op::kWrite : Op::kRead, address, words);
    if (writes) request.payload.assign(words, 0);
    const uint64_t before = top_->outputs().cycle;
    EXPECT_EQ(client.transact(request).status, Status::kOk) << address;
    return top_->outputs().cycle - before;
  };
  for (const TileWindow& window : tile_windows(config_)) {
    if (window.effects || window.address >> 20 == 0) continue;  // tables: word by word
    for (const bool writes : {false, true}) {
      if (writes && !window.writable) continue;
      // Each word is carried over the link and then over the bus: once, as it is read or written.
      const auto longest = static_cast<uint16_t>(
          std::min({32u, static_cast<uint32_t>(config_.max_payload), window.words}));
      const auto shorter = static_cast<uint16_t>((longest + 3) / 4);
      EXPECT_LE(cycles(window.address, writes, longest),
                cycles(window.address, writes, shorter) + 2u * (longest - shorter) + kSlack)
          << (writes ? "write to " : "read from ") << window.address;
    }
  }
}

TEST_P(LinkProtocol, NamesTheRefusedPokeWhereverItStands) {
  const auto cells = static_cast<uint32_t>(config_.banks * config_.rows * config_.cols);
  const auto most = static_cast<size_t>(config_.max_payload);
  for (size_t at = 0; at < most; ++at) {
    std::vector<uint32_t> words(most);
    words[at] = (cells + static_cast<uint32_t>(at)) << 8;
    const Response response = client_.write_fixed(spec::kRegCellPoke, words);
    EXPECT_EQ(response.status, Status::kBadValue);
    EXPECT_EQ(response.detail, words[at]) << at;
  }
}

TEST_P(LinkProtocol, RefusesANumberFromTheFuture) {
  Request request = scratch_write(9);
  request.sequence = static_cast<uint16_t>(request.sequence + 1);
  const Response response = client_.transact(request);
  EXPECT_EQ(response.status, Status::kBadSequence);
  EXPECT_EQ(response.detail, request.sequence - 1u);
  client_.set_sequence(static_cast<uint16_t>(request.sequence - 1));
  EXPECT_EQ(scratch(), 0u);
}

TEST_P(LinkProtocol, RefusesAnotherSessionAndNamesTheCurrentOne) {
  Request request = scratch_write(9);
  request.session = kSession + 1;
  const Response response = client_.transact(request);
  EXPECT_EQ(response.status, Status::kBadSession);
  EXPECT_EQ(response.detail, kSession);
  client_.set_sequence(request.sequence);
  EXPECT_EQ(scratch(), 0u);
}

TEST_P(LinkProtocol, SyncForgetsKeptResponses) {
  const Request old = scratch_write(1);
  EXPECT_EQ(client_.transact(old).status, Status::kOk);
  client_.sync(kSession, static_cast<uint16_t>(old.sequence + 1));
  EXPECT_EQ(resend(old).status, Status::kBadSequence);
}

TEST_P(LinkProtocol, ARepeatedSyncIsHarmless) {
  Request sync = client_.next(Op::kSync, 0, 0);
  EXPECT_EQ(client_.transact(sync).status, Status::kOk);
  EXPECT_EQ(client_.transact(sync).status, Status::kOk);
  client_.put_word(spec::kRegScratch, 5);
  EXPECT_EQ(scratch(), 5u);
}

TEST_P(LinkProtocol, RefusesUnknownOps) {
  for (const uint8_t op : {uint8_t{0}, uint8_t{6}, uint8_t{0x7f}, uint8_t{0x82}}) {
    Request request = client_.next(Op::kRead, 0, 0);
    request.op = op;
    const Response response = client_.transact(request);
    EXPECT_EQ(response.status, Status::kBadOp) << int{op};
    EXPECT_EQ(response.op, static_cast<uint8_t>(op + spec::kResponseFlag));
  }
  EXPECT_NE(errors() & spec::kErrorBadOpMask, 0u);
}

TEST_P(LinkProtocol, RefusesOpsWithABitInTheUpperByte) {
  for (unsigned bit = 8; bit < 16; ++bit) {
    const Request request = client_.next(Op::kRead, spec::kRegScratch, 1);
    std::vector<uint32_t> words = encode(request);
    words[1] |= 1u << bit;
    words[4] = crc_of_words({words.data() + 1, 3});
    client_.send(words);
    port_.clock();
    const auto response = client_.receive(kSoon);
    ASSERT_TRUE(response.has_value()) << "bit " << bit;
    EXPECT_EQ(response->status, Status::kBadOp) << "bit " << bit;
  }
}

TEST_P(LinkProtocol, NamesTheExpectedNumberAndTheSessionInAllTheirBits) {
  for (unsigned bit = 0; bit < 16; ++bit) {
    for (const uint32_t number : {1u << bit, 0xffffu ^ 1u << bit}) {
      const auto wanted = static_cast<uint16_t>(number);
      client_.sync(wanted, static_cast<uint16_t>(wanted - 1));
      Request request = scratch_write(9);
      request.sequence = static_cast<uint16_t>(wanted + 1);
      Response response = client_.transact(request);
      EXPECT_EQ(response.status, Status::kBadSequence);
      EXPECT_EQ(response.detail, wanted);
      request.session = static_cast<uint16_t>(~wanted);
      response = client_.transact(request);
      EXPECT_EQ(response.status, Status::kBadSession);
      EXPECT_EQ(response.detail, wanted);
      EXPECT_EQ(response.session, request.session);
      EXPECT_EQ(response.sequence, request.sequence);
    }
  }
}

TEST_P(LinkProtocol, HoldsAWordUntilItIsTaken) {
  constexpr int kHeld = 40;
  client_.send(encode(client_.next(Op::kRead, spec::kRegMagic, 8)));
  while (port_.words_waiting() > 0) port_.clock();
  RtlInputs inputs;
  std::deque<uint32_t> words;
  for (size_t word = 0; word < spec::kHeaderWords + 9; ++word) {
    inputs.tx_ready = false;
    uint32_t data = 0;
    for (int clock = 0; clock < kHeld || !top_->outputs().tx_valid; ++clock) {
      ASSERT_LT(clock, 1000);
      const bool offered = clock > 0 && top_->outputs().tx_valid;
      top_->clock(inputs);
      if (offered) {
        ASSERT_TRUE(top_->outputs().tx_valid);
        ASSERT_EQ(top_->outputs().tx_data, data);
      }
      data = top_->outputs().tx_data;
    }
    inputs.tx_ready = true;
    ASSERT_TRUE(top_->clock(inputs).tx_valid);
    words.push_back(top_->outputs().tx_data);
  }
  const auto response = decode(words);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->payload.at(3), config_.hash);
}

TEST_P(LinkProtocol, RefusesEmptyAndOverlongFrames) {
  const auto too_long = static_cast<uint16_t>(config_.max_payload + 1);
  for (const Op op : {Op::kRead, Op::kWrite, Op::kWriteFixed}) {
    for (const uint16_t length : {uint16_t{0}, too_long, uint16_t{0x8001}, uint16_t{0xffff}}) {
      EXPECT_EQ(client_.transact(client_.next(op, spec::kWindowInput, length)).status,
                Status::kBadLength)
          << spec::op_name(op) << " of " << length;
    }
  }
  // The payload of an overlong write is skipped, and the next frame is found behind it.
  Request request = client_.next(Op::kWrite, spec::kWindowInput, too_long);
  request.payload.assign(too_long, 0x01020304);
  EXPECT_EQ(client_.transact(request).status, Status::kBadLength);
  client_.put_word(spec::kRegScratch, 6);
  EXPECT_EQ(scratch(), 6u);
}

TEST_P(LinkProtocol, TakesTheLongestFrame) {
  const auto length = static_cast<size_t>(std::min(config_.max_payload, config_.in_words));
  std::vector<uint32_t> words(length);
  for (uint32_t& word : words) word = static_cast<uint32_t>(random_());
  words.front() = spec::kPreamble;  // inside a payload it means nothing
  EXPECT_EQ(client_.write(spec::kWindowInput, words).status, Status::kOk);
  const Response read = client_.read(spec::kWindowInput, static_cast<uint16_t>(length));
  EXPECT_EQ(read.payload, words);
}

TEST_P(LinkProtocol, AnswersPipelinedFramesInOrder) {
  std::vector<Request> requests;
  for (int round = 0; round < 20; ++round) {
    requests.clear();
    for (int i = 0; i < config_.kept; ++i) {
      Request request = random(2) != 0 ? scratch_write(static_cast<uint32_t>(random_()))
                                       : client_.next(Op::kRead, spec::kRegMagic,
                                                      static_cast<uint16_t>(1 + random(8)));
      client_.send(encode(request));
      requests.push_back(request);
    }
    port_.clock();
    for (const Request& request : requests) {
      const auto response = client_.receive(kSoon);
      ASSERT_TRUE(response.has_value());
      EXPECT_EQ(response->sequence, request.sequence);
      EXPECT_EQ(response->status, Status::kOk);
      EXPECT_EQ(response->payload.size(), request.payload.empty() ? request.length : 0u);
    }
  }
}

TEST_P(LinkProtocol, WaitsForTheTileOrRunsOut) {
  EXPECT_EQ(client_.wait_idle(0).status, Status::kOk);
  start_long_job();
  EXPECT_EQ(client_.wait_idle(10).status, Status::kTimeout);
  EXPECT_EQ(client_.get_word(spec::kRegStatus), 1u);
  const Response done = client_.wait_idle(1'000'000);
  EXPECT_EQ(done.status, Status::kOk);
  EXPECT_TRUE(done.error_flag);
  EXPECT_EQ(errors(), spec::kErrorTimeoutMask);
}

TEST_P(LinkProtocol, ARepeatedStartDoesNotRunTheJobAgain) {
  client_.put_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  Request start = client_.next(Op::kWrite, spec::kRegJobBank, 8);
  start.payload = {0, u(config_.rows), u(config_.cols), 3, 0, 0, 0, 1};
  EXPECT_EQ(client_.transact(start).status, Status::kOk);
  EXPECT_EQ(resend(start).status, Status::kOk);
  client_.wait(1'000'000);
  EXPECT_EQ(client_.get_word(spec::kRegProducts), 3u);
}

TEST_P(LinkProtocol, RefusesTheWrongDirectionAndChangesNothing) {
  const uint32_t word = 1;
  for (const uint32_t address : {spec::kRegMagic, spec::kRegStatus, spec::kWindowOutputLo})
    EXPECT_EQ(client_.write(address, {&word, 1}).status, Status::kAccess) << address;
  EXPECT_EQ(client_.read(spec::kRegJobStart, 1).status, Status::kAccess);
  EXPECT_EQ(errors(), spec::kErrorAccessMask);
  EXPECT_EQ(client_.get_word(spec::kRegMagic), spec::kMagicValue);
}

TEST_P(LinkProtocol, RefusesSettingsAndWindowsWhileAJobRuns) {
  const uint32_t base = client_.get_word(spec::kRegBase);
  const uint32_t word = base + 1;
  start_long_job();
  EXPECT_EQ(client_.write(spec::kRegBase, {&word, 1}).status, Status::kBusy);
  EXPECT_EQ(client_.read(spec::kWindowInput, 1).status, Status::kBusy);
  client_.wait(1'000'000);
  EXPECT_EQ(errors(), spec::kErrorBusyMask);
  EXPECT_EQ(client_.get_word(spec::kRegBase), base);
}

TEST_P(LinkProtocol, TheErrorFlagFollowsTheErrorRegister) {
  EXPECT_FALSE(client_.read(spec::kRegScratch, 1).error_flag);
  EXPECT_EQ(client_.read(0xfc, 1).status, Status::kBadAddress);
  EXPECT_TRUE(client_.read(spec::kRegScratch, 1).error_flag);
  client_.put_word(spec::kRegError, ~0u);
  EXPECT_FALSE(client_.read(spec::kRegScratch, 1).error_flag);
}

TEST_P(LinkProtocol, EveryBitOfErrorRaisesTheFlagAndIsClearedAlone) {
  const auto send = [&](std::vector<uint32_t> words) {
    client_.send(words);
    port_.clock();
    std::ignore = client_.receive(kSoon);
  };
  const auto bad_word = [&](size_t word) {
    Request request = scratch_write(1);
    client_.set_sequence(request.sequence);  // not used up
    std::vector<uint32_t> words = encode(request);
    words[word] ^= 1;
    send(words);
  };
  const uint32_t word = 1, illegal = 256;
  const std::pair<uint32_t, std::function<void()>> causes[] = {
      {spec::kErrorBadOpMask, [&] { client_.transact(client_.next(Op{6}, 0, 0)); }},
      {spec::kErrorBadAddressMask, [&] { client_.read(0x1fc, 1); }},
      {spec::kErrorBadValueMask,
       [&] {
         client_.write(spec::kRegBase, {&illegal, 1});
       }},
      {spec::kErrorBusyMask,
       [&] {
         start_long_job();
         client_.write(spec::kRegBase, {&word, 1});
         client_.wait(1'000'000);
       }},
      {spec::kErrorAccessMask,
       [&] {
         client_.write(spec::kRegMagic, {&word, 1});
       }},
      {spec::kErrorHcrcMask, [&] { bad_word(2); }},
      {spec::kErrorPcrcMask, [&] { bad_word(spec::kHeaderWords); }},
      {spec::kErrorSequenceMask,
       [&] {
         Request request = scratch_write(1);
         client_.set_sequence(request.sequence);
         request.sequence = static_cast<uint16_t>(request.sequence + 9);
         client_.transact(request);
       }},
      {spec::kErrorTimeoutMask, [&] {
         start_long_job();
         client_.wait_idle(0);
         client_.wait(1'000'000);
       }}};
  uint32_t all = 0;
  for (const auto& [bit, cause] : causes) {
    cause();
    EXPECT_TRUE(client_.read(spec::kRegScratch, 1).error_flag) << bit;
    EXPECT_EQ(errors(), bit);
    client_.put_word(spec::kRegError, bit);
    EXPECT_FALSE(client_.read(spec::kRegScratch, 1).error_flag) << bit;
    all |= bit;
  }
  for (const auto& [bit, cause] : causes) cause();
  for (const auto& [bit, cause] : causes) {
    EXPECT_EQ(errors(), all);
    client_.put_word(spec::kRegError, bit);
    EXPECT_EQ(errors(), all &= ~bit);
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, LinkProtocol,
                         testing::ValuesIn(tested_configs({"tiny", "small", "full"})),
                         config_case_name);

}  // namespace
}  // namespace crucible::sim
