// SPDX-License-Identifier: BSL-1.0
// A new host takes the place of this one, or does not.
#pragma once

#include "base/descriptor.hpp"
#include "net/handed_sockets.hpp"
#include "server/child_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mortise::server {

// How this process was started: the file may be another program by now. It is what its name led to,
// by PATH where that was no path, links and all; where it leads elsewhere, where the program lay.
struct own_program {
    std::filesystem::path file;
    std::vector<std::string> words; // argv

    static own_program of_this_process();
};

// Starts the program that lies now where this one was started from, with the same arguments, in the
// same directory and at the same terminal, and offers it sockets. Everything [control].
//
//   begin ─► started ─► ready ─► (what this host has to let go of) ─► confirm
//               └── ends, refuses, or takes longer than `longest_start` ──► nothing has changed
class upgrade {
public:
    static constexpr std::chrono::seconds longest_start{60};

    struct outcome {
        pid_t process = 0;               // that serves
        std::string fault;               // in the place of that: a clause
        std::set<std::string> left = {}; // names of offers that it has not taken up
    };
    using on_done = std::function<void(const outcome&)>;

    explicit upgrade(boost::asio::io_context& control)
        : program_{own_program::of_this_process()},
          channel_{control},
          end_{control},
          time_{control} {}

    bool is_under_way() const noexcept { return static_cast<bool>(done_); }

    // What the new one is given. `variables`, as NAME=VALUE, stand in its environment beside those
    // of this process.
    struct estate {
        std::vector<net::socket_offer> offers;
        std::vector<std::string> disabled; // ids of plugins
        std::vector<std::string> variables;
    };
    // While none is under way.
    void begin(estate given, on_done done);
    // The one that was ready answers for everything from here on.
    void confirm();
    // Ends the new one, where it is not ready yet.
    void abort() noexcept;

private:
    std::string start(estate given);
    void listen();
    void wait_for_end();
    void take(std::string_view said);
    void finish(outcome came_to);

    const own_program program_;
    boost::asio::posix::stream_descriptor channel_;
    boost::asio::posix::stream_descriptor end_; // readable when the new one has ended
    boost::asio::steady_timer time_;
    std::optional<child_process> child_;
    on_done done_; // of the one that is under way
    std::string refusal_;
    std::set<std::string> left_;
    bool is_late_ = false;
};

} // namespace mortise::server
