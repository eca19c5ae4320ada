// Sockets of boards that ended without removing them.
#pragma once

#include <unistd.h>

#include <string>

#include "sim/bridge/asio.hpp"

namespace crucible::sim {

/// Removes a Unix-domain socket that refuses connections.
inline void remove_dead_socket(boost::asio::io_context& context, const std::string& path) {
  boost::asio::local::stream_protocol::socket probe(context);
  boost::system::error_code error;
  probe.connect(path, error);
  if (error == boost::asio::error::connection_refused) ::unlink(path.c_str());
}

}  // namespace crucible::sim
