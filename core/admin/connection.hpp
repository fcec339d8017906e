// SPDX-License-Identifier: BSL-1.0
// One connection of who operates the host: HTTP/1.1, one request after the other.
#pragma once

#include "admin/access.hpp"
#include "admin/command.hpp"

#include <boost/asio/generic/stream_protocol.hpp>

#include <memory>

namespace mortise::admin {

// What the connections of a listener share.
struct service {
    command_handler handle;
    access terms;
};

// Serves until the client leaves, is too slow for a request or an answer, or the context ends. The
// connection lets go of `place` when it is over. [control]
void serve(boost::asio::generic::stream_protocol::socket socket, std::shared_ptr<const service> by,
           std::shared_ptr<void> place);

} // namespace mortise::admin
