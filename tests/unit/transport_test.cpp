// TCP, Unix sockets and pipes as byte streams with deadlines.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "host/base/deadline.hpp"
#include "host/link/address.hpp"
#include "host/link/pipe_transport.hpp"
#include "models/error.hpp"

namespace crucible::link {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A listening socket of one client.
class Listener {
 public:
  explicit Listener(const fs::path& unix_path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, unix_path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, 1), 0);
    text_ = "unix:" + unix_path.string();
  }
  Listener() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, 1), 0);
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    text_ = "tcp:127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~Listener() {
    if (fd_ >= 0) ::close(fd_);
    if (client_ >= 0) ::close(client_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int accept() { return client_ = ::accept(fd_, nullptr, nullptr); }
  void hang_up() {
    ::close(client_);
    client_ = -1;
  }
  void stop_listening() {
    ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  int fd_, client_ = -1;
  std::string text_;
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

std::unique_ptr<ITransport> open(const std::string& text) {
  return open_transport(parse_address(text), deadline_in(seconds(5)));
}

class SocketTransport : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "transport-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    listener_ =
        GetParam() ? std::make_unique<Listener>(folder_ / "s") : std::make_unique<Listener>();
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
  std::unique_ptr<Listener> listener_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, SocketTransport, testing::Bool(),
                         [](const auto& local) { return local.param ? "Unix" : "Tcp"; });

TEST_P(SocketTransport, CarriesBytesBothWays) {
  const auto stream = open(listener_->text());
  const int peer = listener_->accept();
  std::vector<uint8_t> sent(200'000);
  std::iota(sent.begin(), sent.end(), uint8_t{0});
  // The peer sends back all that it gets; more than the system's buffers hold is under way.
  std::jthread echo([peer, left = sent.size()]() mutable {
    std::array<uint8_t, 5000> bytes;
    while (left > 0) {
      const ssize_t count = ::read(peer, bytes.data(), bytes.size());
      if (count <= 0) return;
      left -= static_cast<size_t>(count);
      for (ssize_t done = 0; done < count;) {
        const ssize_t now = ::write(peer, bytes.data() + done, static_cast<size_t>(count - done));
        if (now <= 0) return;
        done += now;
      }
    }
  });
  std::vector<uint8_t> got;
  for (size_t first = 0; first < sent.size(); first += 50'000) {
    stream->write(std::span(sent).subspan(first, 50'000), deadline_in(seconds(20)));
    std::array<uint8_t, 3000> bytes;
    while (got.size() < first + 50'000) {
      const size_t count = stream->read(bytes, deadline_in(seconds(20)));
      ASSERT_GT(count, 0u);
      got.insert(got.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    }
  }
  EXPECT_EQ(got, sent);
  EXPECT_EQ(stream->describe(), listener_->text());
}

TEST_P(SocketTransport, ReadingReturnsNothingAfterTheDeadline) {
  const auto stream = open(listener_->text());
  listener_->accept();
  std::array<uint8_t, 10> bytes;
  const auto start = Clock::now();
  EXPECT_EQ(stream->read(bytes, deadline_in(milliseconds(30))), 0u);
  EXPECT_GE(Clock::now() - start, milliseconds(30));
  EXPECT_EQ(stream->read(bytes, Clock::now()), 0u);
}

TEST_P(SocketTransport, WritingToAPeerThatDoesNotReadTimesOut) {
  const auto stream = open(listener_->text());
  listener_->accept();
  const std::vector<uint8_t> bytes(64 << 20);  // more than any socket buffer
  EXPECT_NE(
      message_of([&] { stream->write(bytes, deadline_in(milliseconds(30))); }, ErrorKind::kTimeout)
          .find("does not take bytes"),
      std::string::npos);
}

TEST_P(SocketTransport, TellsWhenThePeerIsGone) {
  const auto stream = open(listener_->text());
  listener_->accept();
  listener_->hang_up();
  std::array<uint8_t, 10> bytes;
  EXPECT_NE(message_of([&] { std::ignore = stream->read(bytes, deadline_in(seconds(5))); },
                       ErrorKind::kDevice)
                .find("gone away"),
            std::string::npos);
  message_of(
      [&] {
        for (int i = 0; i < 100; ++i) stream->write(bytes, deadline_in(seconds(5)));
      },
      ErrorKind::kDevice);
}

TEST_P(SocketTransport, TellsWhenNobodyListens) {
  const std::string text = listener_->text();
  listener_->stop_listening();
  EXPECT_NE(message_of([&] { std::ignore = open(text); }, ErrorKind::kDevice)
                .find("nothing listens there; start the board"),
            std::string::npos);
}

TEST(UnixTransport, TellsWhenThereIsNoSocket) {
  EXPECT_NE(message_of([] { std::ignore = open("unix:/nowhere/at/all"); }, ErrorKind::kDevice)
                .find("there is no such socket"),
            std::string::npos);
}

TEST(UnixTransport, RefusesAPathThatIsTooLong) {
  EXPECT_NE(
      message_of([] { std::ignore = open("unix:/" + std::string(200, 'x')); }, ErrorKind::kUsage)
          .find("at most 107 bytes"),
      std::string::npos);
}

TEST(TcpTransport, TellsWhenThereIsNoSuchHost) {
  EXPECT_NE(
      message_of([] { std::ignore = open("tcp:no-such-host.invalid:5555"); }, ErrorKind::kDevice)
          .find("cannot open tcp:no-such-host.invalid:5555"),
      std::string::npos);
}

TEST(PipeTransport, CarriesBytesBetweenThreadsThroughASmallBuffer) {
  auto [here, there] = make_pipe("test:pipe", 7);
  std::vector<uint8_t> sent(1000);
  std::iota(sent.begin(), sent.end(), uint8_t{0});
  std::jthread writer([&, end = std::move(there)] { end->write(sent, deadline_in(seconds(20))); });
  std::vector<uint8_t> got;
  std::array<uint8_t, 5> bytes;
  while (got.size() < sent.size()) {
    const size_t count = here->read(bytes, deadline_in(seconds(20)));
    ASSERT_GT(count, 0u);
    got.insert(got.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
  }
  EXPECT_EQ(got, sent);
}

TEST(PipeTransport, KeepsItsDeadlines) {
  auto [here, there] = make_pipe("test:pipe", 7);
  std::array<uint8_t, 10> bytes{};
  EXPECT_EQ(here->read(bytes, deadline_in(milliseconds(10))), 0u);
  message_of([&, &end = here] { end->write(bytes, deadline_in(milliseconds(10))); },
             ErrorKind::kTimeout);
  EXPECT_EQ(there->read(bytes, Clock::now()), 7u);
}

TEST(PipeTransport, GivesTheRestAndThenTellsThatTheOtherEndIsClosed) {
  auto [here, there] = make_pipe("test:pipe");
  const std::array<uint8_t, 3> sent{1, 2, 3};
  there->write(sent, deadline_in(seconds(5)));
  there.reset();
  std::array<uint8_t, 10> bytes{};
  EXPECT_EQ(here->read(bytes, deadline_in(seconds(5))), 3u);
  message_of([&, &end = here] { std::ignore = end->read(bytes, deadline_in(seconds(5))); },
             ErrorKind::kDevice);
  message_of([&, &end = here] { end->write(sent, deadline_in(seconds(5))); }, ErrorKind::kDevice);
}

}  // namespace
}  // namespace crucible::link
