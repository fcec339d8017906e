// SPDX-License-Identifier: BSL-1.0
// Reading a head, and what its fields mean for the connection.
#include "http1/message_reader.hpp"

#include "base/ascii.hpp"
#include "http/target.hpp"
#include "http1/framing.hpp"
#include "http1/persistence.hpp"
#include "http1/tokenizer.hpp"

#include <algorithm>

namespace mortise::http1 {

namespace {

constexpr http::problem other_expectation{417, "The only expectation met is 100-continue"};

// What the fields that concern the connection say.
struct control_fields {
    framing_fields framing;
    connection_options options;
    unsigned expectations = 0;
    unsigned unmet_expectations = 0;
};

void note(const http::field& field, control_fields& control) noexcept {
    switch (field.name.size()) {
    case 4:
        if (base::is_named(field.name, "host")) {
            control.framing.host = field.value;
            ++control.framing.host_count;
        }
        break;
    case 6:
        if (base::is_named(field.name, "expect")) {
            ++control.expectations;
            control.unmet_expectations += !base::equal_ignoring_case(field.value, "100-continue");
        }
        break;
    case 10:
        if (base::is_named(field.name, "connection")) {
            add_options(field.value, control.options);
        }
        break;
    case 14:
        if (base::is_named(field.name, "content-length")) {
            control.framing.content_length = field.value;
            ++control.framing.content_length_count;
        }
        break;
    case 17:
        if (base::is_named(field.name, "transfer-encoding")) {
            control.framing.transfer_encoding = field.value;
            ++control.framing.transfer_encoding_count;
        }
        break;
    default:
        break;
    }
}

head refused(const http::problem& why, http::method asked) noexcept {
    return {head::state::refused, 0, why, asked};
}

// The head is whole and well-formed: what does it ask for?
const http::problem* judge(const request_line& line, const control_fields& control,
                           base::arena& memory, http::request& out) {
    const auto framing = decide_framing(control.framing, line.version_minor);
    if (framing.why != nullptr) {
        return framing.why;
    }
    if (const auto* const why = judge_host(control.framing, line.version_minor)) {
        return why;
    }
    http::target target;
    if (const auto* const why = http::read_target(line.target, line.method, memory, target)) {
        return why;
    }
    const bool may_expect = line.version_minor != 0; // RFC 9110, 10.1.1: ignored in HTTP/1.0
    if (may_expect && control.unmet_expectations != 0) {
        return &other_expectation;
    }
    out.method = line.method;
    out.version_minor = line.version_minor;
    out.framing = framing.framing;
    out.content_length = framing.content_length;
    out.expects_continue = may_expect && control.expectations != 0;
    out.wants_close = wants_close(control.options, line.version_minor);
    out.target = line.target;
    out.path = target.path;
    out.is_path_escaped = target.is_path_escaped;
    out.query = target.query;
    out.authority = target.authority.empty() ? control.framing.host : target.authority;
    return nullptr;
}

// Whether the bytes behind those seen cannot have changed anything: no line ended, and no limit
// can have been reached.
bool is_still_incomplete(std::string_view bytes, const head_progress& progress) noexcept {
    return progress.seen != 0 && bytes.size() < progress.look_at &&
           bytes.find('\n', progress.seen) == bytes.npos;
}

head incomplete(std::string_view bytes, const limits& limits, head_progress& progress) noexcept {
    const auto least_limit = std::min(limits.target_size, limits.header_size);
    progress.seen = static_cast<std::uint32_t>(bytes.size());
    progress.look_at = static_cast<std::uint32_t>(std::max(least_limit, bytes.size() + 512));
    return {head::state::incomplete};
}

} // namespace

head read_head(std::string_view bytes, head_progress& progress, const limits& limits,
               std::span<http::field> field_room, base::arena& memory, http::request& out) {
    if (is_still_incomplete(bytes, progress)) {
        progress.seen = static_cast<std::uint32_t>(bytes.size());
        return {head::state::incomplete};
    }
    using outcome = tokenizer::outcome;
    tokenizer tokens{bytes, limits};
    request_line line{};
    control_fields control;
    std::size_t count = 0;
    auto step = tokens.read_request_line(line);
    while (step == outcome::found) {
        http::field field;
        step = tokens.read_field(field);
        if (step == outcome::found) {
            note(field, control);
            field_room[count++] = field;
        }
    }
    if (step == outcome::incomplete) {
        return incomplete(bytes, limits, progress);
    }
    if (step == outcome::refused) {
        return refused(tokens.why(), line.method);
    }
    if (const auto* const why = judge(line, control, memory, out)) {
        return refused(*why, line.method);
    }
    out.fields = field_room.first(count);
    return {head::state::complete, tokens.position()};
}

} // namespace mortise::http1
