#include "host/link/pcie/vfio_user_device.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "models/error.hpp"

namespace crucible::link {

using vfio_user::Command;
using vfio_user::Header;

namespace {

template <typename Struct>
std::span<const uint8_t> view(const Struct& value) {
  return {reinterpret_cast<const uint8_t*>(&value), sizeof(value)};
}

template <typename Struct>
Struct first_of(std::span<const uint8_t> bytes) {
  Struct value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

}  // namespace

VfioUserDevice::VfioUserDevice(Options options) : options_(std::move(options)) {
  connect();
  negotiate();
  vfio_user::DeviceInfo info{.argsz = sizeof(info)};
  info =
      first_of<vfio_user::DeviceInfo>(ask(Command::kDeviceGetInfo, view(info), {}, sizeof(info)));
  if ((info.flags & VFIO_DEVICE_FLAGS_PCI) == 0) fail("the server offers no PCI device");
}

void VfioUserDevice::fail(const std::string& reason) const {
  throw Error(ErrorKind::kDevice, fmt::format("{}: {}", options_.address, reason));
}

void VfioUserDevice::broken(const char* what) const {
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    throw Error(ErrorKind::kTimeout,
                fmt::format("{}: the card {} for {} ms; is the board stopped?", options_.address,
                            what, options_.answer_timeout.count()));
  }
  // A card with a client closes every other connection before it answers the first command.
  fail(fmt::format("the card has gone away ({}); {}is the board's program still running?",
                   errno == 0 ? "end of stream" : std::strerror(errno),
                   id_ > 1 ? "" : "does another program use it, "));
}

void VfioUserDevice::connect() {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (options_.path.size() >= sizeof(name.sun_path)) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("device address '{}': a socket's path has at most {} bytes, this has {}",
                    options_.address, sizeof(name.sun_path) - 1, options_.path.size()));
  }
  options_.path.copy(static_cast<char*>(name.sun_path), options_.path.size());
  socket_ = FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket_) fail(fmt::format("no socket: {}", std::strerror(errno)));
  const auto ms = options_.answer_timeout.count();
  const timeval limit{ms / 1000, static_cast<suseconds_t>(ms % 1000 * 1000)};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0) return;
  switch (errno) {
    case ENOENT:
      fail(
          "there is no such socket; start the board (crucible-board --vfio-user) or correct the "
          "path");
    case ECONNREFUSED:
      fail("nothing listens there; start the board (crucible-board --vfio-user)");
    case EACCES:
      fail("no permission; check owner and mode of the socket");
    case EAGAIN:
      broken("did not take the connection");
    default:
      fail(std::strerror(errno));
  }
}

void VfioUserDevice::negotiate() {
  const std::string proposal =
      nlohmann::json{{"capabilities",
                      {{vfio_user::kMaxDescriptors, vfio_user::kDefaultMaxDescriptors},
                       {vfio_user::kMaxTransfer, vfio_user::kDefaultMaxTransfer}}}}
          .dump();
  const vfio_user::Version ours;
  // With its terminating zero.
  const View text(reinterpret_cast<const uint8_t*>(proposal.c_str()), proposal.size() + 1);
  const Bytes reply = ask(Command::kVersion, view(ours), text, sizeof(ours));
  const auto theirs = first_of<vfio_user::Version>(reply);
  if (theirs.major != ours.major) {
    fail(fmt::format("the server speaks vfio-user {}.{}, this host {}.{}", theirs.major,
                     theirs.minor, ours.major, ours.minor));
  }
  const auto begin = reply.begin() + sizeof(theirs);
  const auto agreed =
      nlohmann::json::parse(begin, std::find(begin, reply.end(), 0), nullptr, false);
  if (!agreed.is_object() || !agreed.contains("capabilities")) return;
  const auto& capabilities = agreed["capabilities"];
  if (!capabilities.is_object() || !capabilities.contains(vfio_user::kMaxTransfer)) return;
  const auto& most = capabilities[vfio_user::kMaxTransfer];
  if (!most.is_number_unsigned() || most.get<uint64_t>() < sizeof(uint32_t))
    fail(fmt::format("the server's {} is {}", vfio_user::kMaxTransfer, most.dump()));
  max_transfer_ =
      static_cast<uint32_t>(std::min<uint64_t>(most.get<uint64_t>(), max_transfer_)) & ~uint32_t{3};
}

void VfioUserDevice::send(Command command, uint32_t flags, View first, View second, int fd) {
  const Header header{++id_, command,
                      static_cast<uint32_t>(sizeof(Header) + first.size() + second.size()), flags,
                      0};
  Bytes message(header.size);
  auto at = std::copy_n(view(header).begin(), sizeof(header), message.begin());
  at = std::copy(first.begin(), first.end(), at);
  std::copy(second.begin(), second.end(), at);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  for (size_t done = 0; done < message.size();) {
    iovec part{message.data() + done, message.size() - done};
    msghdr call{};
    call.msg_iov = &part;
    call.msg_iovlen = 1;
    if (fd >= 0 && done == 0) {
      call.msg_control = control.data();
      call.msg_controllen = control.size();
      cmsghdr* const rights = CMSG_FIRSTHDR(&call);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
    }
    const ssize_t sent = ::sendmsg(socket_.get(), &call, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) broken("has taken no command");
    done += static_cast<size_t>(sent);
  }
}

void VfioUserDevice::receive(Bytes& message, size_t until) {
  for (size_t have = message.size(); have < until;) {
    message.resize(until);
    ssize_t count = -1;
    const auto look = [&](int flags) {
      errno = 0;
      count = ::recv(socket_.get(), message.data() + have, until - have, flags);
      return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
    };
    if (!eager_([&] { return look(MSG_DONTWAIT); })) look(0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) broken("has not answered");
    have += static_cast<size_t>(count);
    // What is refused is shorter than what was hoped for.
    if (have >= sizeof(Header)) until = std::min(until, size_t{first_of<Header>(message).size});
  }
}

VfioUserDevice::Bytes VfioUserDevice::ask(Command command, View first, View second, size_t least,
                                          int fd) {
  send(command, 0, first, second, fd);
  Bytes message;
  receive(message, sizeof(Header) + least);
  const auto reply = first_of<Header>(message);
  constexpr size_t kMost =
      sizeof(Header) + sizeof(vfio_user::RegionAccess) + vfio_user::kDefaultMaxTransfer;
  if (reply.id != id_ || reply.command != command || reply.size < sizeof(reply) ||
      reply.size > kMost || (reply.flags & vfio_user::kTypeMask) != vfio_user::kTypeReply) {
    fail(
        fmt::format("no reply to vfio-user command {} #{}, but command {} #{}, flags 0x{:x}, {} "
                    "bytes; is this a vfio-user server?",
                    static_cast<int>(command), id_, static_cast<int>(reply.command), reply.id,
                    reply.flags, reply.size));
  }
  message.resize(std::min<size_t>(message.size(), reply.size));
  receive(message, reply.size);
  if ((reply.flags & vfio_user::kError) != 0) {
    fail(fmt::format("vfio-user command {} was refused: {}", static_cast<int>(command),
                     std::strerror(static_cast<int>(reply.error))));
  }
  message.erase(message.begin(), message.begin() + sizeof(Header));
  if (message.size() < least) {
    fail(fmt::format("vfio-user command {} was answered with {} bytes instead of {}",
                     static_cast<int>(command), message.size(), least));
  }
  return message;
}

uint64_t VfioUserDevice::region_size(uint32_t region) {
  vfio_region_info info{};
  info.argsz = sizeof(info);
  info.index = region;
  return first_of<vfio_region_info>(
             ask(Command::kDeviceGetRegionInfo, view(info), {}, sizeof(info)))
      .size;
}

void VfioUserDevice::read(uint32_t region, uint64_t offset, std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto count = static_cast<uint32_t>(std::min<size_t>(bytes.size(), max_transfer_));
    const vfio_user::RegionAccess access{offset, region, count};
    const Bytes reply = ask(Command::kRegionRead, view(access), {}, sizeof(access) + count);
    std::copy_n(reply.begin() + sizeof(access), count, bytes.begin());
    offset += count;
    bytes = bytes.subspan(count);
  }
}

void VfioUserDevice::write(uint32_t region, uint64_t offset, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto count = static_cast<uint32_t>(std::min<size_t>(bytes.size(), max_transfer_));
    const vfio_user::RegionAccess access{offset, region, count};
    send(Command::kRegionWrite, vfio_user::kNoReply, view(access), bytes.first(count), -1);
    offset += count;
    bytes = bytes.subspan(count);
  }
}

bool VfioUserDevice::signal_interrupts(int event_fd) {
  vfio_irq_info info{};
  info.argsz = sizeof(info);
  info.index = VFIO_PCI_MSI_IRQ_INDEX;
  info = first_of<vfio_irq_info>(ask(Command::kDeviceGetIrqInfo, view(info), {}, sizeof(info)));
  if (info.count == 0 || (info.flags & VFIO_IRQ_INFO_EVENTFD) == 0) return false;
  vfio_irq_set set{};
  set.argsz = sizeof(set);
  set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
  set.index = VFIO_PCI_MSI_IRQ_INDEX;
  set.count = 1;
  ask(Command::kDeviceSetIrqs, view(set), {}, 0, event_fd);
  return true;
}

void VfioUserDevice::reset() { ask(Command::kDeviceReset, {}, {}, 0); }

void VfioUserDevice::map_dma(std::span<uint8_t> memory, int file, uint64_t address) {
  const vfio_user::DmaMap map{sizeof(map), vfio_user::kDmaRead | vfio_user::kDmaWrite, 0, address,
                              memory.size()};
  ask(Command::kDmaMap, view(map), {}, 0, file);
}

void VfioUserDevice::unmap_dma(uint64_t address, uint64_t size) {
  const vfio_user::DmaUnmap unmap{sizeof(unmap), 0, address, size};
  ask(Command::kDmaUnmap, view(unmap), {}, sizeof(unmap));
}

}  // namespace crucible::link
