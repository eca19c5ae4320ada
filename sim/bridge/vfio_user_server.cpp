#include "sim/bridge/vfio_user_server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "models/error.hpp"
#include "sim/bridge/dead_socket.hpp"

namespace crucible::sim {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr size_t kChunk = 64 << 10;
constexpr size_t kMostDescriptors = 16;  // of commands that take none; a client has one at a time

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

VfioUserServer::VfioUserServer(asio::io_context& context, ICardModel& card, const std::string& path,
                               std::function<void()> on_gone)
    : card_(card), path_(path), on_gone_(std::move(on_gone)), acceptor_(context) {
  remove_dead_socket(context, path);
  error_code error;
  const Protocol::endpoint endpoint(path);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(1, error);
  if (error) {
    throw Error(ErrorKind::kUsage,
                fmt::format("cannot listen on '{}': {}; choose another path for --vfio-user", path,
                            error.message()));
  }
  accept();
}

VfioUserServer::~VfioUserServer() { ::unlink(path_.c_str()); }

void VfioUserServer::accept() {
  acceptor_.async_accept([this](const error_code& error, Protocol::socket socket) {
    if (error) return;
    welcome(std::move(socket));
    accept();
  });
}

void VfioUserServer::welcome(Protocol::socket socket) {
  if (client_) receive();  // it may have gone without our having seen it
  if (client_) return;     // the new socket closes here
  client_.emplace(std::move(socket), card_, ++clients_);
  wait(Wait::wait_read);
}

void VfioUserServer::wait(Wait what) {
  client_->socket.async_wait(what, [this, what, id = client_->id](const error_code& error) {
    if (!client_ || client_->id != id) return;
    if (error)
      drop();
    else if (what == Wait::wait_read)
      receive();
    else
      answer();
    if (client_ && client_->id == id)
      wait(client_->output.empty() ? Wait::wait_read : Wait::wait_write);
  });
}

void VfioUserServer::receive() {
  std::array<uint8_t, kChunk> bytes;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> control;
  iovec part{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count =
      ::recvmsg(client_->socket.native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (count < 0 && would_block()) return;
  if (count <= 0) return drop();
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (size_t at = 0; at + CMSG_LEN(sizeof(int)) <= header->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + at, sizeof(fd));
      client_->descriptors.emplace_back(fd);
    }
  }
  if (client_->descriptors.size() > kMostDescriptors) return drop();
  client_->input.insert(client_->input.end(), bytes.begin(), bytes.begin() + count);
  answer();
}

void VfioUserServer::answer() {
  // The next command waits until the last reply is gone: a client that does not read is not served.
  flush();
  size_t done = 0;
  while (client_ && client_->output.empty()) {
    const auto rest = std::span<const uint8_t>(client_->input).subspan(done);
    const size_t size = client_->session.message_size(rest);
    if (client_->session.hopeless()) return drop();
    if (size == 0 || rest.size() < size) break;
    client_->output = client_->session.handle(rest.first(size), client_->descriptors);
    done += size;
    const bool last = client_->session.hopeless();
    flush();
    if (client_ && last) drop();
  }
  if (!client_) return;
  client_->input.erase(client_->input.begin(),
                       client_->input.begin() + static_cast<std::ptrdiff_t>(done));
}

void VfioUserServer::flush() {
  std::vector<uint8_t>& output = client_->output;
  if (output.empty()) return;
  const ssize_t sent = ::send(client_->socket.native_handle(), output.data(), output.size(),
                              MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && !would_block()) return drop();
  if (sent > 0) output.erase(output.begin(), output.begin() + sent);
}

void VfioUserServer::drop() {
  client_.reset();
  on_gone_();
}

}  // namespace crucible::sim
