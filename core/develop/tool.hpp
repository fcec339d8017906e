// SPDX-License-Identifier: BSL-1.0
// One run of another program, with what it writes.
#pragma once

#include "develop/household.hpp"
#include "server/child_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mortise::develop {

// In a group of processes of its own, without an input. Everything [control].
class tool {
public:
    // How it ended: its exit code, or 128 and the number of the signal that killed it. `output` is
    // what it and its children wrote, both ways together.
    struct outcome {
        int code = 0;
        bool was_stopped = false; // by stop()
        std::string output;
    };
    using on_end = std::function<void(outcome)>;

    tool(boost::asio::io_context& control, household& of) noexcept;

    // Runs `words`, the first of which is looked for by PATH, with `variables` (NAME=VALUE) before
    // those of this process. `then` is called once, later. Not while another run is under way.
    void start(std::vector<std::string> words, const std::vector<std::string>& variables,
               on_end then);
    // Has it end with all that it has started, in good order if it can within `patience`. `then` of
    // start() comes when nothing of it is left.
    void stop();
    // What has been written so far.
    const std::string& output() const noexcept { return outcome_.output; }
    bool is_running() const noexcept { return then_ != nullptr; }

    static constexpr std::chrono::seconds patience{2};

private:
    void read();
    bool take_output();
    void wait_for_end();
    void wait_for_strays();
    void fail(const std::string& why);
    void finish();

    boost::asio::io_context& control_;
    household& household_;
    boost::asio::posix::stream_descriptor output_;
    boost::asio::posix::stream_descriptor end_; // readable when the process has ended
    boost::asio::steady_timer patience_;
    std::optional<server::child_process> process_;
    outcome outcome_;
    on_end then_; // null: nothing runs
    bool is_late_ = false;
    std::size_t run_ = 0; // the number of this one
};

} // namespace mortise::develop
