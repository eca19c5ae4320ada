// The emulated board as a port: its process, and the link to it.
#pragma once

#include <memory>
#include <string>

#include "host/port/board_process.hpp"
#include "host/port/i_port.hpp"
#include "host/port/link_options.hpp"
#include "host/port/link_port.hpp"

namespace crucible::port {

/// The board ends when the port is destroyed. Errors of the link tell how the board ended, when it
/// has.
class SimPort final : public IPort {
 public:
  SimPort(const std::string& address, const BoardProcess::Options& board,
          const LinkOptions& options);

  void read(uint32_t address, std::span<uint32_t> words) override;
  void write(uint32_t address, std::span<const uint32_t> words) override;
  void write_fixed(uint32_t address, std::span<const uint32_t> words) override;
  void wait_idle(uint32_t cycles) override;
  void run(std::span<const Step> steps) override;
  [[nodiscard]] PortStatistics statistics() const override { return link_->statistics(); }
  [[nodiscard]] std::string describe() const override { return address_; }
  [[nodiscard]] const BoardProcess& board() const { return board_; }

 private:
  template <typename Access>
  void guard(const Access& access);

  std::string address_;
  BoardProcess board_;
  std::unique_ptr<LinkPort> link_;  ///< closed before the board is stopped
};

}  // namespace crucible::port
