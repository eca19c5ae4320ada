// Boost.Asio. Boost 1.74 uses std::exchange without including its header.
#pragma once

// clang-format off
#include <utility>
#include <boost/asio.hpp>
// clang-format on
