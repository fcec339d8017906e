// SPDX-License-Identifier: BSL-1.0
// What is asked of a host by its control socket, and what it answers.
#pragma once

#include <boost/json/object.hpp>

#include <functional>
#include <string>

namespace mortise::admin {

// "POST /plugins/reload". GET changes nothing.
struct command {
    std::string method;
    std::string target;
};

// An HTTP status, and a JSON object. Where the status is 400 or more, "error" says in a clause what
// is wrong, and "cure" what to do.
struct answer {
    unsigned status = 200;
    boost::json::object content;
};

inline answer failure(unsigned status, const std::string& error, const std::string& cure) {
    return {status, {{"error", error}, {"cure", cure}}};
}

// Answers a command by calling `reply` once, now or later. [control]
using replier = std::function<void(answer)>;
using command_handler = std::function<void(const command&, replier reply)>;

} // namespace mortise::admin
