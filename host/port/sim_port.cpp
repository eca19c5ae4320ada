#include "host/port/sim_port.hpp"

#include <fmt/format.h>

#include "host/base/deadline.hpp"
#include "host/link/address.hpp"
#include "host/port/refused_error.hpp"

namespace crucible::port {

SimPort::SimPort(const std::string& address, const BoardProcess::Options& board,
                 const LinkOptions& options)
    : address_(address), board_(board) {
  guard([&] {
    const link::Address at = link::parse_address("unix:" + board_.socket_path());
    link_ = std::make_unique<LinkPort>(link::open_transport(at, deadline_in(options.open_timeout)),
                                       options);
  });
}

template <typename Access>
void SimPort::guard(const Access& access) {
  try {
    access();
  } catch (const RefusedError&) {
    throw;
  } catch (const Error& error) {
    constexpr std::chrono::milliseconds kLastBreath{500};  // from closing its socket to its end
    const std::string report = board_.exit_report(kLastBreath);
    if (report.empty()) throw;
    throw Error(error.kind(),
                fmt::format("{}: {}\nthe emulated board {}", address_, error.what(), report));
  }
}

void SimPort::read(uint32_t address, std::span<uint32_t> words) {
  guard([&] { link_->read(address, words); });
}

void SimPort::write(uint32_t address, std::span<const uint32_t> words) {
  guard([&] { link_->write(address, words); });
}

void SimPort::write_fixed(uint32_t address, std::span<const uint32_t> words) {
  guard([&] { link_->write_fixed(address, words); });
}

void SimPort::wait_idle(uint32_t cycles) {
  guard([&] { link_->wait_idle(cycles); });
}

void SimPort::run(std::span<const Step> steps) {
  guard([&] { link_->run(steps); });
}

}  // namespace crucible::port
