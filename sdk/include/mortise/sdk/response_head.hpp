// SPDX-License-Identifier: BSL-1.0
// The head of somebody's response, which a filter may change.
#pragma once

#include <mortise/abi/ext/filter.h>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/field.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {

// Valid while the filter's function runs. What is read is the response as it came to this filter;
// changes do not show in it. Each change throws std::invalid_argument where the host refuses it,
// which logs the rule.
class response_head {
public:
    // Used by the SDK.
    response_head(const mortise_filter_calls& table, mortise_response* of,
                  const mortise_response_head& seen) noexcept
        : table_{table}, of_{of}, seen_{seen} {}
    response_head(const response_head&) = delete;
    response_head& operator=(const response_head&) = delete;

    unsigned status() const noexcept { return seen_.status; }
    // Without those that the host writes: Date, Content-Length, Connection.
    field_list fields() const noexcept { return {seen_.fields, seen_.field_count}; }
    // The value of the first field with this name, without regard to case (RFC 9110, 5.1).
    std::optional<std::string_view> field(std::string_view name) const noexcept {
        const auto all = fields();
        const auto found = std::ranges::find_if(
            all, [&](const mortise::field& each) { return detail::is_same_name(each.name, name); });
        return found != all.end() ? std::optional{(*found).value} : std::nullopt;
    }
    // Bytes; nothing where the response is streamed without saying.
    std::optional<std::uint64_t> content_length() const noexcept {
        return seen_.content_length < 0
                   ? std::nullopt
                   : std::optional{static_cast<std::uint64_t>(seen_.content_length)};
    }

    // 200 to 599. A status without content (204, 304) stays one, and no other becomes one.
    void set_status(unsigned status) { judge(table_.set_status(of_, status), "status"); }
    // Replaces every field of that name, or adds it.
    void set_field(std::string_view name, std::string_view value) {
        judge(table_.set_field(of_, detail::to_abi(name), detail::to_abi(value)), name);
    }
    void add_field(std::string_view name, std::string_view value) {
        judge(table_.add_field(of_, detail::to_abi(name), detail::to_abi(value)), name);
    }
    // Every field of that name.
    void remove_field(std::string_view name) {
        judge(table_.remove_field(of_, detail::to_abi(name)), name);
    }

private:
    static void judge(std::int32_t status, std::string_view what) {
        if (status != MORTISE_OK) {
            throw std::invalid_argument{"the host refuses to change " + std::string{what}};
        }
    }

    const mortise_filter_calls& table_;
    mortise_response* of_;
    const mortise_response_head& seen_;
};

} // namespace sdk_v0
} // namespace mortise
