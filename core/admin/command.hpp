// SPDX-License-Identifier: BSL-1.0
// What is asked of a host by who operates it, and what it answers.
#pragma once

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise::admin {

// "POST /plugins/reload". GET changes nothing.
struct command {
    std::string method;
    std::string target;
};

// Content of another media type than JSON.
struct text {
    std::string media_type; // "text/plain"
    std::string content;
};

// An HTTP status, and a JSON object or a text. Where the status is 400 or more, it is an object of
// which "error" says in a clause what is wrong, and "cure" what to do.
struct answer {
    unsigned status = 200;
    boost::json::object content;
    std::optional<text> other = {};                               // in the place of `content`
    std::vector<std::pair<std::string, std::string>> fields = {}; // beside those of the content
};

inline answer failure(unsigned status, const std::string& error, const std::string& cure) {
    return {status, {{"error", error}, {"cure", cure}}};
}

// Answers a command by calling `reply` once, now or later. [control]
using replier = std::function<void(answer)>;
using command_handler = std::function<void(const command&, replier reply)>;

} // namespace mortise::admin
