// SPDX-License-Identifier: BSL-1.0
// A case file, read: what the client does, and what must come of it.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise::conformance {

// The response that must come next.
struct expectation {
    unsigned status = 0;
    enum class ending { whole, to_head, until_close, cut_off };
    ending ends = ending::whole;                             // where its content ends
    std::vector<std::pair<std::string, std::string>> fields; // each exactly once
    std::vector<std::string> absent_fields;
    std::optional<std::string> content; // none: any
};

// README.md says what each word means.
enum class word {
    send,
    send_and_shut,
    pass,
    take,
    handler_answers,
    handler_reads,
    handler_begins,
    handler_writes,
    handler_ends,
    handler_breaks_off,
    receive,
    writes,
    logged,
    open,
    lingers,
    closed
};
constexpr bool is_sending(word what) noexcept {
    return what == word::send || what == word::send_and_shut;
}
constexpr bool has_block(word what) noexcept {
    return is_sending(what) || what == word::handler_writes;
}
constexpr bool is_end(word what) noexcept {
    return what == word::open || what == word::lingers || what == word::closed;
}

struct step {
    word what;
    unsigned line; // in the file
    std::string bytes{};
    std::size_t count = 0;
    std::optional<std::uint64_t> length{}; // that a handler announces
    base::milliseconds time{};
    expectation expected{};
};

struct script {
    std::string rule;          // the comment at its top
    std::string server_field;  // with server NAME
    bool is_played_cut = true; // not with uncut
    std::vector<step> steps;
};

// Throws std::runtime_error that names the line, where `file` is not a case.
script read_script(const std::filesystem::path& file);

} // namespace mortise::conformance
