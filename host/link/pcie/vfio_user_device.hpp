// A PCI function that a server offers on a Unix socket, by the vfio-user protocol.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/base/eager_wait.hpp"
#include "host/base/file_descriptor.hpp"
#include "host/link/i_transport.hpp"
#include "host/link/pcie/i_vfio_device.hpp"
#include "host/link/pcie/vfio_user.hpp"

namespace crucible::link {

class VfioUserDevice final : public IVfioDevice {
 public:
  struct Options {
    std::string path;                                  ///< of the socket
    std::string address;                               ///< as given, for messages
    std::chrono::milliseconds answer_timeout{10'000};  ///< for one command, or to take one
  };

  /// Connects and agrees on a version. Throws crucible::Error: kDevice when there is no server, it
  /// serves somebody else or speaks another version; kTimeout.
  explicit VfioUserDevice(Options options);

  [[nodiscard]] uint64_t region_size(uint32_t region) override;
  void read(uint32_t region, uint64_t offset, std::span<uint8_t> bytes) override;
  void write(uint32_t region, uint64_t offset, std::span<const uint8_t> bytes) override;
  [[nodiscard]] bool signal_interrupts(int event_fd) override;
  [[nodiscard]] int watch() const override { return socket_.get(); }
  void reset() override;
  void map_dma(std::span<uint8_t> memory, int file, uint64_t address) override;
  void unmap_dma(uint64_t address, uint64_t size) override;

 private:
  using Bytes = std::vector<uint8_t>;
  using View = std::span<const uint8_t>;

  void connect();
  void negotiate();
  /// Sends a command and returns the payload of its reply, of at least `least` bytes. `parts`
  /// follow each other.
  Bytes ask(vfio_user::Command command, View first, View second, size_t least, int fd = -1);
  void send(vfio_user::Command command, uint32_t flags, View first, View second, int fd);
  /// Adds to `message` until it has `until` bytes, or as many as its header says.
  void receive(Bytes& message, size_t until);
  [[noreturn]] void fail(const std::string& reason) const;
  [[noreturn]] void broken(const char* what) const;

  const Options options_;
  FileDescriptor socket_;
  EagerWait eager_;
  uint16_t id_ = 0;  ///< of the last command
  uint32_t max_transfer_ = vfio_user::kDefaultMaxTransfer;
};

}  // namespace crucible::link
