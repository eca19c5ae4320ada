// The vfio-user client against servers that are not what they should be.
#include "host/link/pcie/vfio_user_device.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <functional>
#include <thread>

#include "models/error.hpp"
#include "tests/unit/temporary_folder.hpp"

namespace crucible::link {
namespace {

using namespace std::chrono_literals;
using vfio_user::Command;
using vfio_user::Header;
using Bytes = std::vector<uint8_t>;

/// Listens in a folder of its own and answers each command as the test says.
class Server {
 public:
  /// The reply's bytes to a command; nothing: no answer; throws nothing.
  using Answer = std::function<Bytes(const Header&)>;

  explicit Server(Answer answer) : answer_(std::move(answer)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path().copy(static_cast<char*>(name.sun_path), sizeof(name.sun_path) - 1);
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name)) != 0 ||
        ::listen(listener_.get(), 1) != 0)
      throw std::runtime_error("no listener");
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  [[nodiscard]] std::string path() const { return (folder_.path() / "socket").string(); }

 private:
  void serve() {
    const FileDescriptor client(::accept(listener_.get(), nullptr, nullptr));
    Header header;
    while (::recv(client.get(), &header, sizeof(header), MSG_WAITALL) == sizeof(header)) {
      Bytes payload(header.size - sizeof(header));
      if (!payload.empty() &&
          ::recv(client.get(), payload.data(), payload.size(), MSG_WAITALL) <= 0)
        return;
      const Bytes reply = answer_(header);
      if (reply.size() == 1) return;  // hangs up
      if (!reply.empty())
        static_cast<void>(::send(client.get(), reply.data(), reply.size(), MSG_NOSIGNAL));
    }
  }

  tests::TemporaryFolder folder_;
  FileDescriptor listener_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  Answer answer_;
  std::thread thread_;
};

Bytes reply(const Header& to, const Bytes& payload, uint32_t flags = vfio_user::kTypeReply,
            uint32_t error = 0) {
  const Header header{to.id, to.command, static_cast<uint32_t>(sizeof(Header) + payload.size()),
                      flags, error};
  Bytes bytes(header.size);
  std::memcpy(bytes.data(), &header, sizeof(header));
  std::copy(payload.begin(), payload.end(), bytes.begin() + sizeof(header));
  return bytes;
}

Bytes version(const std::string& json = "", uint8_t major = 0) {
  Bytes payload(4 + json.size() + (json.empty() ? 0 : 1));
  payload[0] = major;
  std::copy(json.begin(), json.end(), payload.begin() + 4);
  return payload;
}

Bytes device_info() {
  const vfio_user::DeviceInfo info{16, VFIO_DEVICE_FLAGS_PCI, 9, 5};
  Bytes bytes(sizeof(info));
  std::memcpy(bytes.data(), &info, sizeof(info));
  return bytes;
}

void expect_error(ErrorKind kind, const std::string& part, const std::function<void()>& action) {
  try {
    action();
    ADD_FAILURE() << "no error; expected: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("vfio-user:it"), 0u) << error.what();
  }
}

std::unique_ptr<VfioUserDevice> open(const std::string& path) {
  return std::make_unique<VfioUserDevice>(VfioUserDevice::Options{path, "vfio-user:it", 200ms});
}

TEST(VfioUserClient, SaysWhyThereIsNoServer) {
  const tests::TemporaryFolder folder;
  expect_error(ErrorKind::kDevice, "no such socket; start the board",
               [&] { open((folder.path() / "none").string()); });
  std::string dead;
  {
    const Server server([](const Header&) { return Bytes(); });
    dead = server.path();
    std::filesystem::rename(dead, folder.path() / "dead");
  }
  expect_error(ErrorKind::kDevice, "nothing listens there",
               [&] { open((folder.path() / "dead").string()); });
  EXPECT_THROW(open(std::string(200, 'x')), Error);
}

TEST(VfioUserClient, RefusesServersThatDoNotSpeakItsProtocol) {
  const struct {
    Server::Answer answer;
    ErrorKind kind;
    std::string part;
  } cases[] = {
      {[](const Header&) { return Bytes(); }, ErrorKind::kTimeout, "has not answered for 200 ms"},
      {[](const Header&) { return Bytes(1); }, ErrorKind::kDevice, "gone away"},
      {[](const Header&) { return Bytes(64, 'x'); }, ErrorKind::kDevice, "is this a vfio-user"},
      {[](const Header& to) { return reply(to, version("", 3)); }, ErrorKind::kDevice,
       "speaks vfio-user 3.0, this host 0.1"},
      {[](const Header& to) {
         return reply(to, version(R"({"capabilities":{"max_data_xfer_size":2}})"));
       },
       ErrorKind::kDevice, "max_data_xfer_size is 2"},
      {[](const Header& to) {
         return reply(to, {0, 0});
       },
       ErrorKind::kDevice, "2 bytes instead of 4"},
      {[](const Header& to) {
         return reply(to, {}, vfio_user::kTypeReply | vfio_user::kError, EBUSY);
       },
       ErrorKind::kDevice, "command 1 was refused: Device or resource busy"},
      {[](const Header& to) {
         return to.command == Command::kVersion ? reply(to, version()) : reply(to, Bytes(16));
       },
       ErrorKind::kDevice, "no PCI device"}};
  for (const auto& [answer, kind, part] : cases) {
    const Server server(answer);
    expect_error(kind, part, [&] { open(server.path()); });
  }
}

TEST(VfioUserClient, CutsTransfersToWhatTheServerTakes) {
  std::vector<uint32_t> sizes;
  const Server server([&](const Header& to) -> Bytes {
    switch (to.command) {
      case Command::kVersion:
        return reply(to, version(R"({"capabilities":{"max_data_xfer_size":67}})"));
      case Command::kDeviceGetInfo:
        return reply(to, device_info());
      case Command::kRegionRead:
        return reply(to, Bytes(sizes.size() % 2 == 0 ? 16 + 64 : 16 + 36, 7));
      default:
        sizes.push_back(to.size);
        return {};
    }
  });
  const auto device = open(server.path());
  const Bytes data(100);
  device->write(2, 0, data);
  Bytes got(64);
  device->read(2, 0, got);  // after it, the writes have arrived
  EXPECT_EQ(got, Bytes(64, 7));
  EXPECT_EQ(sizes, (std::vector<uint32_t>{32 + 64, 32 + 36}));
}

}  // namespace
}  // namespace crucible::link
