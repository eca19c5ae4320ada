// A device behind a byte stream.
#pragma once

#include <memory>
#include <string>

#include "host/port/i_port.hpp"
#include "host/port/link_session.hpp"

namespace crucible::port {

/// After a refusal within a burst or batch, frames that were already under way (fewer than
/// LINK_INFO.kept) are still carried out, each whole; RefusedError says how many. The port stays
/// usable. When the link itself is given up, every later call throws.
class LinkPort final : public IPort {
 public:
  explicit LinkPort(std::unique_ptr<link::ITransport> transport, const LinkOptions& options = {});

  void read(uint32_t address, std::span<uint32_t> words) override;
  void write(uint32_t address, std::span<const uint32_t> words) override;
  void write_fixed(uint32_t address, std::span<const uint32_t> words) override;
  void wait_idle(uint32_t cycles) override;
  void run(std::span<const Step> steps) override;
  [[nodiscard]] PortStatistics statistics() const override;
  [[nodiscard]] std::string describe() const override { return session_.describe(); }
  [[nodiscard]] const LinkSession& session() const { return session_; }

 private:
  LinkSession session_;
};

}  // namespace crucible::port
