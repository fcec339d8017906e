// SPDX-License-Identifier: BSL-1.0
// A response as far as the client has it.
#pragma once

#include <mortise/testing/detail/response_rules.hpp>
#include <mortise/testing/log_line.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Thread: the test's.
struct outgoing_response {
    bool has_head = false;
    bool has_ended = false;
    bool is_broken_off = false;
    bool is_for_head = false; // a HEAD request: content is counted and dropped
    unsigned status = 0;
    field_lines fields;
    std::string content;
    std::optional<std::size_t> window; // bytes the client still takes; nothing: all

    void begin(unsigned with_status, field_lines with_fields) {
        has_head = true;
        status = with_status;
        fields = std::move(with_fields);
    }

    // Gives the client what it takes of `bytes`: how many that were.
    std::size_t take(std::string_view bytes) {
        if (is_for_head || !may_have_content(status)) {
            return bytes.size();
        }
        const std::size_t size = std::min(bytes.size(), window.value_or(bytes.size()));
        content += bytes.substr(0, size);
        if (window) {
            *window -= size;
        }
        return size;
    }

    void end() noexcept { has_ended = true; }
    void break_off() noexcept {
        is_broken_off = is_broken_off || !has_ended;
        has_ended = true;
    }
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
