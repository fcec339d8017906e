// SPDX-License-Identifier: BSL-1.0
// What a text of the configuration takes from outside its file.
#pragma once

#include <string>
#include <string_view>

namespace mortise::config {

struct substitution {
    std::string text;
    std::string fault; // empty: none; else what is wrong, and what is right
    bool is_replaced = false;
    bool has_secret = false; // a credential, or a variable whose name says so
};

// "${NAME}" is the environment's, "${credential:NAME}" the content of the file of that name in
// $CREDENTIALS_DIRECTORY without the line's end, "$${" is "${". [any]
substitution substitute(std::string_view written);

} // namespace mortise::config
