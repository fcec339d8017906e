// SPDX-License-Identifier: BSL-1.0
// The host of `mortise dev`: `mortise run`, as a process of its own.
#pragma once

#include "base/descriptor.hpp"
#include "develop/household.hpp"
#include "server/child_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mortise::develop {

// A crash of a plugin is the end of that process and not of this one. It is killed when this one
// ends. Everything [control].
class served_host {
public:
    struct order {
        std::filesystem::path configuration;
        std::filesystem::path control;    // its control socket
        std::filesystem::path notify;     // where it is to say that it serves
        std::vector<std::string> options; // of `mortise run`
    };
    // What a reload came to, each a line.
    struct change {
        std::vector<std::string> made;
        std::vector<std::string> faults; // then nothing has changed
        bool has_gone = false;           // the host, before it could answer
    };

    served_host(boost::asio::io_context& control, household& of, order what);
    ~served_host();

    // Starts it, or starts it again. `on_ready` is called when it serves, `on_end` when it has
    // ended. Empty: done.
    std::string start(std::function<void()> on_ready, std::function<void(const siginfo_t&)> on_end);
    bool is_running() const noexcept { return process_.has_value(); }

    // Brings the configuration into service that lies there now. One at a time.
    void reload(std::function<void(change)> then);

    // Drains; a second time: stops now.
    void stop();

private:
    std::string listen();
    void wait_for_word();
    void wait_for_end();

    boost::asio::io_context& control_;
    household& household_;
    const order order_;
    boost::asio::posix::stream_descriptor words_; // what it says of its state
    boost::asio::posix::stream_descriptor end_;   // readable when it has ended
    std::optional<server::child_process> process_;
    std::function<void()> on_ready_;
    std::function<void(const siginfo_t&)> on_end_;
    std::thread asking_;
};

} // namespace mortise::develop
