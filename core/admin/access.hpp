// SPDX-License-Identifier: BSL-1.0
// Who may ask for what: judged from a request's head, before anything is done.
#pragma once

#include "admin/command.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mortise::admin {

// What a listener asks of those who connect to it.
struct access {
    // By TCP, whoever runs on this machine can connect, and a browser's pages with it; a unix
    // socket's mode says who can.
    bool is_by_tcp = false;
    // That who connects by TCP has to know; empty: nobody does.
    std::string token;
};

// What of a request's head tells who asks. A field that is not there, or more than once, is empty.
struct request_head {
    std::string_view method = {};
    std::string_view target = {};
    std::string_view host = {};
    bool has_origin = false;          // once or more
    std::string_view fetch_site = {}; // Sec-Fetch-Site
    std::string_view authorization = {};
};

// Nothing: it may be done; else what is answered in its place.
//
//   421  by TCP, Host is not this machine's: a name was made to point here (DNS rebinding)
//   403  a page of another site asks for a change (CSRF), or no token is known
//   401  the token is missing or wrong
std::optional<answer> refusal(const request_head& of, const access& by);

} // namespace mortise::admin
