// SPDX-License-Identifier: BSL-1.0
// Asio itself, compiled once.
#include <boost/asio/impl/src.hpp>
