// The server's side of one vfio-user connection, message by message; the socket is its owner's.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "host/base/file_descriptor.hpp"
#include "host/link/pcie/vfio_user.hpp"
#include "sim/pcie/config_space.hpp"
#include "sim/pcie/i_card_model.hpp"

namespace crucible::sim {

/// BAR0, BAR2, configuration space and one MSI. DMA regions are accepted and never used: this card
/// masters nothing. A command that is wrong is answered with an errno and changes nothing.
class VfioUserSession {
 public:
  using Bytes = std::vector<uint8_t>;
  using Descriptors = std::vector<FileDescriptor>;

  /// Takes the card's interrupt for its lifetime.
  explicit VfioUserSession(ICardModel& card);
  ~VfioUserSession();
  VfioUserSession(const VfioUserSession&) = delete;
  VfioUserSession& operator=(const VfioUserSession&) = delete;

  /// Size of the message that begins here, 0 while that cannot be said, and when none can follow.
  [[nodiscard]] size_t message_size(std::span<const uint8_t> begin);
  /// Carries out one whole message. `descriptors` are those that came up to now; a command that
  /// takes some takes all. Returns the reply, empty where none is wanted.
  [[nodiscard]] Bytes handle(std::span<const uint8_t> message, Descriptors& descriptors);
  /// The client does not speak the protocol: the connection is to be closed after the last reply.
  [[nodiscard]] bool hopeless() const { return hopeless_; }

 private:
  using Payload = std::span<const uint8_t>;

  [[nodiscard]] Bytes execute(link::vfio_user::Command command, Payload payload,
                              Descriptors& descriptors);
  [[nodiscard]] Bytes negotiate(Payload payload);
  [[nodiscard]] Bytes device_info(Payload payload) const;
  [[nodiscard]] Bytes region_info(Payload payload) const;
  [[nodiscard]] Bytes irq_info(Payload payload) const;
  void set_irqs(Payload payload, Descriptors& descriptors);
  void map(Payload payload, Descriptors& descriptors);
  [[nodiscard]] Bytes unmap(Payload payload);
  [[nodiscard]] Bytes read_region(Payload payload);
  [[nodiscard]] Bytes write_region(Payload payload);
  void signal() const;

  ICardModel& card_;
  ConfigSpace config_;
  bool negotiated_ = false;
  bool hopeless_ = false;
  FileDescriptor msi_;                    ///< an eventfd of the client, or none
  std::map<uint64_t, uint64_t> regions_;  ///< DMA: address, bytes
};

}  // namespace crucible::sim
