// SPDX-License-Identifier: BSL-1.0
// Plays a case: the client's steps against the real connection, in a time of their own.
#pragma once

#include "log_capture.hpp"
#include "loopback/http1_host.hpp"
#include "loopback/stream.hpp"
#include "script.hpp"
#include "site.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mortise::conformance {

struct answer;

// Reports each failure to gtest at its line of the case file.
class player {
public:
    // What the client sends arrives whole, or in pieces: of one byte, or of a thousand where there
    // is much of it.
    enum class cut { whole, pieces };

    player(const script& played, std::string file, cut how);
    void play();

private:
    void take_step(const step& now);
    bool handle(const step& now);
    void send(const step& now);
    void receive(const step& now);
    void compare(const step& now, const answer& came);
    void judge_end(const step& now);
    void check_log(const step& now);
    void leave();
    void fail(const step& now, std::string_view why) const;

    static http1::settings settings_of(const script& played);

    const script& script_;
    std::string file_;
    cut cut_;
    site site_;
    loopback::wire wire_;
    loopback::http1_host host_;
    std::string received_;           // and not yet expected
    std::optional<log_capture> log_; // only where a step asks: reports of sanitizers go there too
};

} // namespace mortise::conformance
