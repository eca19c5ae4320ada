// Sockets of boards that ended without removing them.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "sim/bridge/asio.hpp"

namespace crucible::sim {

/// Removes a Unix-domain socket that refuses connections.
inline void remove_dead_socket(boost::asio::io_context& context, const std::string& path) {
  boost::asio::local::stream_protocol::socket probe(context);
  boost::system::error_code error;
  probe.connect(path, error);
  std::error_code ignored;
  // A plain file refuses connections, too.
  if (error == boost::asio::error::connection_refused && std::filesystem::is_socket(path, ignored))
    ::unlink(path.c_str());
}

}  // namespace crucible::sim
