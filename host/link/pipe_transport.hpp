// A byte stream inside the process, for tests and for devices on a thread of their own.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "host/link/i_transport.hpp"

namespace crucible::link {

/// Two ends; what one writes the other reads. Each end may live on its own thread. Destroying one
/// end ends the other's stream. `capacity`: bytes that may wait in each direction before a write
/// waits.
[[nodiscard]] std::pair<std::unique_ptr<ITransport>, std::unique_ptr<ITransport>> make_pipe(
    const std::string& name, size_t capacity = 1 << 16);

}  // namespace crucible::link
