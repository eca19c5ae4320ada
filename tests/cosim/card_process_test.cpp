// The emulated card as a process: what every device behind a port must do, over vfio-user; and what
// a client sees when the card is reset, stolen or killed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "host/base/deadline.hpp"
#include "host/base/file_descriptor.hpp"
#include "host/link/address.hpp"
#include "host/link/pcie/dma_memory.hpp"
#include "host/link/pcie/open_card.hpp"
#include "host/link/pcie/vfio_user_device.hpp"
#include "host/port/link_port.hpp"
#include "models/error.hpp"
#include "tests/cosim/board_program.hpp"
#include "tests/unit/card_conformance.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::sim {
namespace {

using namespace std::chrono_literals;
namespace card = spec::card;
constexpr auto kPatience = 20s;

std::string address_of(const BoardProgram& board) {
  return "vfio-user:" + (board.folder() / "card").string();
}

/// A board and its card.
struct Kind {
  std::string name;
  std::vector<std::string> arguments;
  spec::HardwareConfig config;
};

const Kind kTiny{"tiny", {}, spec::kConfigTiny};  // Verilated, its card loosely timed
const Kind kSmall{"small", {}, spec::kConfigSmall};
const Kind kTlm{"tlm_tiny", {"--model", "tlm"}, spec::kConfigTiny};
const Kind kTlmBoard{"tlm_small_soc", {"--model", "tlm"}, spec::kConfigSmallSoc};
const Kind kMixedBoard{"mixed_small_soc", {"--model", "mixed"}, spec::kConfigSmallSoc};
const Kind kRtlCard{"rtl_card_small_soc", {}, spec::kConfigSmallSoc};

std::vector<std::string> card_board(const Kind& kind) {
  std::vector<std::string> arguments{"--config", std::string(kind.config.name), "--vfio-user",
                                     "{DIR}/card"};
  arguments.insert(arguments.end(), kind.arguments.begin(), kind.arguments.end());
  return arguments;
}

/// The byte stream of a card whose board lives as long.
class BoardTransport final : public link::ITransport {
 public:
  explicit BoardTransport(const Kind& kind) : board_(card_board(kind)) {
    if (board_.ready_line().empty()) throw std::runtime_error(board_.errors());
    stream_ = link::open_transport(link::parse_address(address_of(board_)), deadline_in(kPatience));
  }
  void write(std::span<const uint8_t> bytes, link::Clock::time_point deadline) override {
    stream_->write(bytes, deadline);
  }
  size_t read(std::span<uint8_t> bytes, link::Clock::time_point deadline) override {
    return stream_->read(bytes, deadline);
  }
  [[nodiscard]] std::string describe() const override { return stream_->describe(); }

 private:
  BoardProgram board_;
  std::unique_ptr<link::ITransport> stream_;
};

port::PortCase port_case(const Kind& kind) {
  return {kind.name, [kind] {
            return std::make_unique<port::LinkPort>(std::make_unique<BoardTransport>(kind));
          }};
}

port::CardCase card_case(const Kind& kind) {
  return {kind.name, kind.config, [kind] {
            auto board = std::make_shared<BoardProgram>(card_board(kind));
            if (board->ready_line().empty()) throw std::runtime_error(board->errors());
            return port::OpenCard(link::open_card(link::parse_address(address_of(*board))), board);
          }};
}

class CardProcess : public testing::TestWithParam<Kind> {
 protected:
  explicit CardProcess(std::vector<std::string> more = {}) : board_(with(std::move(more))) {}
  void SetUp() override { ASSERT_FALSE(board_.ready_line().empty()) << board_.errors(); }
  static std::vector<std::string> with(std::vector<std::string> more) {
    std::vector<std::string> arguments = card_board(GetParam());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  [[nodiscard]] std::unique_ptr<port::LinkPort> open() const {
    return std::make_unique<port::LinkPort>(
        link::open_transport(link::parse_address(address_of(board_)), deadline_in(kPatience)));
  }
  [[nodiscard]] std::unique_ptr<link::ICard> open_card() const {
    return link::open_card(link::parse_address(address_of(board_)));
  }
  /// What an access that must fail says.
  static std::string error_of(ErrorKind kind, const std::function<void()>& action) {
    const auto start = link::Clock::now();
    std::string message;
    try {
      action();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      message = error.what();
      EXPECT_EQ(error.kind(), kind) << message;
    }
    EXPECT_LT(link::Clock::now() - start, kPatience) << "that was no deadline";
    return message;
  }
  BoardProgram board_;
};

TEST_P(CardProcess, SaysWhereItIsAndEndsCleanlyOnASignal) {
  const auto port = open();
  EXPECT_EQ(port->read_word(spec::kRegMagic), spec::kMagicValue);
  EXPECT_EQ(port->describe(), address_of(board_));
  board_.signal(SIGTERM);
  EXPECT_EQ(board_.exit_code(kPatience), 0) << board_.errors();
  EXPECT_FALSE(std::filesystem::exists(board_.folder() / "card"));
}

TEST_P(CardProcess, ServesOneClientAfterTheOtherAndTheDeviceStaysWhatItIs) {
  for (uint32_t value = 1; value <= 3; ++value) {
    const auto port = open();
    EXPECT_EQ(port->read_word(spec::kRegScratch), value - 1);
    port->write_word(spec::kRegScratch, value);
    EXPECT_GT(port->statistics().bytes_sent, 0u);
    EXPECT_EQ(port->statistics().retries, 0u);
  }
}

TEST_P(CardProcess, TurnsASecondClientAway) {
  const auto first = open();
  EXPECT_NE(error_of(ErrorKind::kDevice, [&] { static_cast<void>(open()); }).find("gone away"),
            std::string::npos);
  EXPECT_EQ(first->read_word(spec::kRegMagic), spec::kMagicValue);
}

TEST_P(CardProcess, InterruptsAndPollingBothFindTheAnswer) {
  const auto card = open_card();
  ASSERT_TRUE(card->has_interrupt());
  link::Frame sync;
  sync.op = static_cast<uint8_t>(link::Op::kSync);
  std::vector<uint8_t> bytes;
  link::encode(sync, bytes);
  std::vector<uint32_t> words(bytes.size() / 4);
  std::memcpy(words.data(), bytes.data(), bytes.size());
  card->write(card::kRegCardCtrl, card::kCardCtrlResetMask);
  uint32_t tail = 0, answered = 0;
  for (const uint32_t enable : {0u, card::kIrqEnableResponseMask}) {
    card->write(card::kRegIrqEnable, enable);
    card->write_block(card::kRequestRing + 4 * tail, words);
    tail += static_cast<uint32_t>(words.size());
    card->write(card::kRegRequestTail, tail);
    const auto start = link::Clock::now();
    card->wait_interrupt(start + (enable == 0 ? 200ms : 10'000ms));
    if (enable == 0)
      EXPECT_GE(link::Clock::now() - start, 200ms) << "an interrupt that is not enabled";
    else
      EXPECT_LT(link::Clock::now() - start, 10s) << "no interrupt";
    const auto deadline = deadline_in(kPatience);
    while (card->read(card::kRegResponseTail) < answered + 9 && link::Clock::now() < deadline) {
    }
    answered = card->read(card::kRegResponseTail);
    EXPECT_EQ(card->read(card::kRegIrqStatus), card::kIrqStatusResponseMask);
    card->write(card::kRegResponseHead, answered);
    EXPECT_EQ(card->read(card::kRegIrqStatus), 0u);
  }
  EXPECT_EQ(answered, 18u) << "two answers to SYNC";
}

TEST_P(CardProcess, RefusesADoorbellOutOfRangeAndAccessesThatAreNoWords) {
  const auto card = open_card();
  const uint32_t ring = 1u << (card->read(card::kRegRingWords) & card::kRingWordsRequestMask);
  card->write(card::kRegRequestTail, ring + 1);
  EXPECT_EQ(card->read(card::kRegRequestTail), 0u);
  EXPECT_EQ(card->read(card::kRegCardError), card::kCardErrorCounterMask);
  EXPECT_EQ(card->read(card::kRegToken + 2), link::kAllOnes);
  EXPECT_EQ(card->read(card::kRegCardError),
            card::kCardErrorCounterMask | card::kCardErrorAccessMask);
}

TEST_P(CardProcess, AFunctionResetIsNoticedByTheSessionThatWasThere) {
  const std::string path = (board_.folder() / "card").string();
  link::VfioUserDevice device({path, "vfio-user:" + path});
  std::array<uint8_t, 4> token{1, 2, 3, 4};
  device.write(VFIO_PCI_BAR0_REGION_INDEX, card::kRegToken, token);
  device.reset();
  device.read(VFIO_PCI_BAR0_REGION_INDEX, card::kRegToken, token);
  EXPECT_EQ(token, (std::array<uint8_t, 4>{}));
}

TEST_P(CardProcess, TakesMemoryForDmaOnceAndGivesItBack) {
  const std::string path = (board_.folder() / "card").string();
  link::VfioUserDevice device({path, "vfio-user:" + path});
  constexpr uint64_t kAddress = 0x10'0000;
  for (int round = 0; round < 2; ++round) {
    link::DmaMemory memory(device, 5000, kAddress);
    EXPECT_EQ(memory.bytes().size() % 4096, 0u);
    EXPECT_GE(memory.bytes().size(), 5000u);
    EXPECT_EQ(memory.bytes().back(), 0);
    try {
      link::DmaMemory overlapping(device, 1, kAddress + 4096);
      ADD_FAILURE() << "it is mapped twice";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kDevice);
      EXPECT_NE(std::string(error.what()).find("File exists"), std::string::npos) << error.what();
    }
  }
  EXPECT_THROW(device.unmap_dma(kAddress, 4096), Error);
}

TEST_P(CardProcess, ANewClientWorksAfterOneThatLeftInMidFrame) {
  {
    const auto stream =
        link::open_transport(link::parse_address(address_of(board_)), deadline_in(kPatience));
    link::Frame frame;
    frame.op = static_cast<uint8_t>(link::Op::kWrite);
    frame.length = 32;
    frame.payload.resize(32);
    std::vector<uint8_t> bytes;
    link::encode(frame, bytes);
    stream->write(std::span(bytes).first(bytes.size() / 2), deadline_in(kPatience));
  }
  EXPECT_EQ(open()->read_word(spec::kRegMagic), spec::kMagicValue);
}

TEST_P(CardProcess, AKilledCardIsAnErrorWithinADeadline) {
  const auto port = open();
  std::vector<uint32_t> words(static_cast<size_t>(spec::kConfigTiny.in_words), 1);
  std::thread killer([this] {
    std::this_thread::sleep_for(50ms);
    board_.signal(SIGKILL);
  });
  const std::string message = error_of(ErrorKind::kDevice, [&] {
    for (const auto end = deadline_in(kPatience); link::Clock::now() < end;)
      port->write(spec::kWindowInput, words);
  });
  killer.join();
  EXPECT_NE(message.find("the card has gone away"), std::string::npos) << message;
  EXPECT_NE(message.find(address_of(board_)), std::string::npos) << message;
}

TEST_P(CardProcess, ACardThatDiesWhileItsClientWaitsIsAnErrorAtOnce) {
  const auto card = open_card();
  std::thread killer([this] {
    std::this_thread::sleep_for(50ms);
    board_.signal(SIGKILL);
  });
  const auto start = link::Clock::now();
  EXPECT_NE(
      error_of(ErrorKind::kDevice, [&] { card->wait_interrupt(start + 15s); }).find("gone away"),
      std::string::npos);
  killer.join();
  EXPECT_LT(link::Clock::now() - start, 10s);
}

TEST_P(CardProcess, AStoppedCardIsATimeOut) {
  const std::string path = (board_.folder() / "card").string();
  link::VfioUserDevice device({path, "vfio-user:" + path, 300ms});
  board_.signal(SIGSTOP);
  std::array<uint8_t, 4> word{};
  EXPECT_NE(error_of(ErrorKind::kTimeout, [&] { device.read(VFIO_PCI_BAR0_REGION_INDEX, 0, word); })
                .find("not answered for 300 ms"),
            std::string::npos);
}

TEST_P(CardProcess, RubbishOnTheSocketEndsThatConnectionAlone) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  (board_.folder() / "card")
      .string()
      .copy(static_cast<char*>(name.sun_path), sizeof(name.sun_path) - 1);
  for (const std::vector<uint8_t>& rubbish :
       {std::vector<uint8_t>(100'000, 0xFF), std::vector<uint8_t>(64, 0),
        std::vector<uint8_t>{1, 0, 1, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0}}) {
    const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
    const timeval limit{10, 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    static_cast<void>(::send(socket.get(), rubbish.data(), rubbish.size(), MSG_NOSIGNAL));
    std::array<uint8_t, 64> bytes{};
    ssize_t count = 0;
    do count = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
    while (count > 0);
    EXPECT_TRUE(count == 0 || errno == ECONNRESET) << std::strerror(errno);
  }
  EXPECT_EQ(open()->read_word(spec::kRegMagic), spec::kMagicValue);
}

class CardProcessWithItsClient : public CardProcess {
 protected:
  CardProcessWithItsClient() : CardProcess({"--exit-with-client"}) {}
};

TEST_P(CardProcessWithItsClient, EndsWithIt) {
  EXPECT_EQ(open()->read_word(spec::kRegMagic), spec::kMagicValue);
  EXPECT_EQ(board_.exit_code(kPatience), 0) << board_.errors();
}

/// Boards with a controller need the core.
std::vector<Kind> kinds() {
  std::vector<Kind> kinds{kTiny, kTlm};
  if (CRUCIBLE_CONTROLLER) kinds.insert(kinds.end(), {kRtlCard, kTlmBoard});
  return kinds;
}
std::string kind_name(const testing::TestParamInfo<Kind>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Cards, CardProcess, testing::ValuesIn(kinds()), kind_name);
INSTANTIATE_TEST_SUITE_P(Cards, CardProcessWithItsClient, testing::ValuesIn(kinds()), kind_name);

/// Nothing outside a Verilated board without the card's ports reaches its bus.
TEST(LooseCard, ShowsWhatIdentifiesAVerilatedDeviceAndNothingElseOfIt) {
  std::vector<Kind> kinds{kTiny};
  if (CRUCIBLE_CONTROLLER)
    kinds.push_back({"loose_small_soc", {"--card", "loose"}, spec::kConfigSmallSoc});
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(kind.name);
    BoardProgram board(card_board(kind));
    ASSERT_FALSE(board.ready_line().empty()) << board.errors();
    const port::OpenCard open(link::open_card(link::parse_address(address_of(board))));
    EXPECT_EQ(open.card->read(spec::kRegConfigHash), kind.config.hash);
    EXPECT_EQ(open.card->read(card::kRegCardError), 0u);
    open.port->write_word(spec::kRegScratch, 5);
    EXPECT_EQ(open.card->read(spec::kRegScratch), link::kAllOnes);
    EXPECT_EQ(open.card->read(card::kRegCardError), card::kCardErrorAccessMask);
    std::vector<uint32_t> words(2);
    open.card->read_block(card::kBoardMemory, words);
    EXPECT_EQ(words, std::vector<uint32_t>(2, link::kAllOnes));
  }
}

TEST(CardInASlot, AnswersItsMachineAndEndsWithIt) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  FileDescriptor machine(ends[0]), slot(ends[1]);
  ::fcntl(machine.get(), F_SETFD, FD_CLOEXEC);
  BoardProgram board({"--config", "tiny", "--pci-proxy", std::to_string(slot.get())});
  ASSERT_FALSE(board.ready_line().empty()) << board.errors();
  slot = FileDescriptor();
  const timeval limit{20, 0};
  ::setsockopt(machine.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  // Reads four bytes of configuration space at 0.
  const std::array<uint32_t, 7> request{3, 0, 12, 0, 0, 0, 4};
  ASSERT_EQ(::send(machine.get(), request.data(), sizeof(request), MSG_NOSIGNAL),
            static_cast<ssize_t>(sizeof(request)));
  std::array<uint32_t, 6> answer{};
  ASSERT_EQ(::recv(machine.get(), answer.data(), sizeof(answer), MSG_WAITALL),
            static_cast<ssize_t>(sizeof(answer)));
  EXPECT_EQ(answer, (std::array<uint32_t, 6>{1, 0, 8, 0, 0xC1C11234, 0}));
  machine = FileDescriptor();
  EXPECT_EQ(board.exit_code(kPatience), 0) << board.errors();
}

TEST(CardOptions, ACardIsReachedByNothingElse) {
  for (const std::vector<std::string>& other : {std::vector<std::string>{"--unix", "{DIR}/s"},
                                                {"--tcp", "127.0.0.1:0"},
                                                {"--pty", "{DIR}/uart"}}) {
    std::vector<std::string> arguments = card_board(kTiny);
    arguments.insert(arguments.end(), other.begin(), other.end());
    BoardProgram board(arguments);
    EXPECT_EQ(board.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
    EXPECT_NE(board.errors().find("leave out --tcp, --unix and --pty"), std::string::npos);
  }
  BoardProgram both({"--config", "tiny", "--vfio-user", "{DIR}/s", "--pci-proxy", "7"});
  EXPECT_EQ(both.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
  EXPECT_NE(both.errors().find("one of the two"), std::string::npos) << both.errors();
  BoardProgram no_socket({"--config", "tiny", "--pci-proxy", "99"});
  EXPECT_EQ(no_socket.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
  EXPECT_NE(no_socket.errors().find("open descriptor of a Unix socket"), std::string::npos)
      << no_socket.errors();
  BoardProgram no_card({"--config", "tiny", "--card", "loose", "--unix", "{DIR}/s"});
  EXPECT_EQ(no_card.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
  EXPECT_NE(no_card.errors().find("--card belongs to --vfio-user or --pci-proxy"),
            std::string::npos)
      << no_card.errors();
  BoardProgram no_core({"--config", "tiny", "--card", "rtl", "--vfio-user", "{DIR}/s"});
  EXPECT_EQ(no_core.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
  EXPECT_NE(no_core.errors().find("--card loose"), std::string::npos) << no_core.errors();
  if (CRUCIBLE_CONTROLLER) {
    BoardProgram no_waves(
        {"--config", "small_soc", "--vfio-user", "{DIR}/s", "--trace", "{DIR}/w.fst"});
    EXPECT_EQ(no_waves.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
    EXPECT_NE(no_waves.errors().find("--card loose"), std::string::npos) << no_waves.errors();
  }
  BoardProgram no_rtl(
      {"--config", "tiny", "--card", "rtl", "--model", "tlm", "--vfio-user", "{DIR}/s"});
  EXPECT_EQ(no_rtl.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
  EXPECT_NE(no_rtl.errors().find("leave out --model"), std::string::npos) << no_rtl.errors();
  BoardProgram board({"--config", "tiny", "--vfio-user", "{DIR}/no/such/folder/s"});
  EXPECT_EQ(board.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage));
  EXPECT_NE(board.errors().find("--vfio-user"), std::string::npos) << board.errors();
}

}  // namespace
}  // namespace crucible::sim

namespace crucible::port {

INSTANTIATE_TEST_SUITE_P(CardProcess, PortConformance,
                         testing::Values(sim::port_case(sim::kTiny), sim::port_case(sim::kSmall)),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(CardProcess, PortEffects, testing::Values(sim::port_case(sim::kSmall)),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(TlmCard, CardConformance, testing::Values(sim::card_case(sim::kTlm)),
                         card_case_name);
#if CRUCIBLE_CONTROLLER
INSTANTIATE_TEST_SUITE_P(RtlCardProcess, PortConformance,
                         testing::Values(sim::port_case(sim::kRtlCard)), port_case_name);
INSTANTIATE_TEST_SUITE_P(RtlCardProcess, PortEffects,
                         testing::Values(sim::port_case(sim::kRtlCard)), port_case_name);
INSTANTIATE_TEST_SUITE_P(RtlCardProcess, PortController,
                         testing::Values(sim::port_case(sim::kRtlCard)), port_case_name);
const auto kWholeBoards =
    testing::Values(sim::card_case(sim::kRtlCard), sim::card_case(sim::kTlmBoard),
                    sim::card_case(sim::kMixedBoard));
INSTANTIATE_TEST_SUITE_P(Boards, CardConformance, kWholeBoards, card_case_name);
INSTANTIATE_TEST_SUITE_P(Boards, CardController, kWholeBoards, card_case_name);
#else
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PortController);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CardController);
#endif

}  // namespace crucible::port
