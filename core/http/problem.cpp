// SPDX-License-Identifier: BSL-1.0
// Problems as answers: in JSON for who accepts it, in plain text for all others.
#include "http/problem.hpp"

#include "base/ascii.hpp"
#include "base/pen.hpp"
#include "http/exchange.hpp"
#include "http/status.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace mortise::http {

namespace {

constexpr std::string_view json_type = "application/problem+json";

// Removes the first part from `list`, up to the separator; gives it without spaces around it.
std::string_view take_part(std::string_view& list, char separator) noexcept {
    const auto end = std::min(list.find(separator), list.size());
    const auto part = base::trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    return part;
}

// Whether a range's parameters give it the weight 0 (RFC 9110, 12.4.2).
bool is_refused(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        const auto one = take_part(parameters, ';');
        if (base::equal_ignoring_case(one.substr(0, 2), "q=")) {
            return one.find_first_not_of("0.", 2) == one.npos;
        }
    }
    return false;
}

// Whether an Accept field names JSON problems. A range such as */* is not enough: people and
// scripts that did not ask for JSON get text.
bool accepts_json(const request& request) noexcept {
    for (const auto& field : request.fields) {
        if (!base::equal_ignoring_case(field.name, "Accept")) {
            continue;
        }
        auto list = field.value;
        while (!list.empty()) {
            auto parameters = take_part(list, ',');
            const auto range = take_part(parameters, ';');
            const bool is_json = base::equal_ignoring_case(range, json_type) ||
                                 base::equal_ignoring_case(range, "application/json");
            if (is_json && !is_refused(parameters)) {
                return true;
            }
        }
    }
    return false;
}

std::string_view json_text(const problem& problem, std::span<char> room) noexcept {
    base::bounded_pen out{room};
    out << R"({"type":"about:blank","status":)" << problem.status << R"(,"title":")"
        << reason_phrase(problem.status) << R"(","detail":")" << problem.title << "\"}\n";
    return out.text();
}

} // namespace

std::string_view problem_text(const problem& problem, std::span<char> room) noexcept {
    base::bounded_pen out{room};
    out << problem.status << " " << reason_phrase(problem.status) << ": " << problem.title << "\n";
    return out.text();
}

void respond_with(exchange& exchange, const problem& problem, std::span<const field> extra) {
    assert(extra.size() <= max_extra_fields);
    const bool json = accepts_json(exchange.request());
    std::array<char, 1024> here; // it may be for want of memory that it answers
    std::span<char> room = here;
    if (const std::size_t size = problem.title.size() + 256; size > room.size()) {
        room = exchange.memory().array<char>(size);
    }
    const auto content = json ? json_text(problem, room) : problem_text(problem, room);
    std::array<field, max_extra_fields + 1> fields;
    fields[0] = {"Content-Type", json ? json_type : "text/plain; charset=utf-8"};
    std::ranges::copy(extra, fields.begin() + 1);
    exchange.respond({.status = problem.status,
                      .fields = std::span{fields}.first(extra.size() + 1),
                      .content = content});
}

} // namespace mortise::http
