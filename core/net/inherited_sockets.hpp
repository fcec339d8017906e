// SPDX-License-Identifier: BSL-1.0
// Listening sockets that the process was started with (sd_listen_fds(3)).
#pragma once

#include "base/descriptor.hpp"
#include "net/handed_sockets.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::net {

// Keeps them open for as long as it lives, so that what listens may be changed and changed back.
// Thread: any one.
class inherited_sockets {
public:
    inherited_sockets() = default; // none
    // Those that LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES tell of. The variables are removed, and
    // the descriptors go to no child process. Once, before other threads read the environment.
    // [control]
    static inherited_sockets take_from_environment();

    // One more, that came another way.
    void add(std::string name, base::descriptor socket) {
        entries_.push_back({std::move(name), std::move(socket)});
    }
    // All of them, which stay open here.
    std::vector<socket_offer> offers() const;

    // Copies of those with this name, which neither block nor delay. The error says why there are
    // none: a name that is unknown, with those that there are, or what is no listening stream
    // socket.
    boost::system::result<std::vector<base::descriptor>, std::string>
    copy(std::string_view name) const;

private:
    struct entry {
        std::string name;
        base::descriptor socket;
    };
    std::string names() const;

    std::vector<entry> entries_;
};

} // namespace mortise::net
