// SPDX-License-Identifier: BSL-1.0
// Notes and problems as JSON documents.
#pragma once

#include "note.hpp"

#include <string>
#include <string_view>
#include <vector>

// What is wrong with a request (RFC 9457).
struct problem {
    // What is wrong with one member of the content.
    struct member {
        std::string pointer; // "/title" (RFC 6901)
        std::string detail;
    };

    unsigned status;
    std::string title;
    std::vector<member> members{};
};

std::string to_json(const note& written);
std::string to_json(const std::vector<note>& written);
std::string to_json(const problem& written);

// Throws a problem: 400 where the text is no JSON, 422 where it is no draft, with every member that
// is wrong.
draft read_draft(std::string_view text);
