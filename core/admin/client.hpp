// SPDX-License-Identifier: BSL-1.0
// The other end of a control socket.
#pragma once

#include "admin/command.hpp"

#include <boost/system/result.hpp>

#include <filesystem>
#include <string>

namespace mortise::admin {

// Asks the host that listens at `file`, and waits for its answer. The error is a line for people.
boost::system::result<answer, std::string> ask(const std::filesystem::path& file,
                                               const command& asked);

} // namespace mortise::admin
