// SPDX-License-Identifier: BSL-1.0
// What a handler is given.
#pragma once

#include <mortise/abi/request.h>
#include <mortise/sdk/field.hpp>
#include <mortise/sdk/identity.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

[[noreturn, gnu::cold]] inline void throw_no_param(std::string_view name) {
    throw std::out_of_range{"the route's pattern has no {" + std::string{name} + "}"};
}

} // namespace detail

// One request, read-only, already judged by the host. It and every view from it are valid until
// the handler returns: copy what you keep. Reading costs no call to the host, but for identity().
class request {
public:
    // Used by the SDK: the host makes requests.
    explicit request(const mortise_request& raw, const detail::occasion& at = {}) noexcept
        : raw_{raw}, at_{at} {}
    request(const request&) = delete;
    request& operator=(const request&) = delete;

    std::string_view method() const noexcept { return detail::from_abi(raw_.method); }

    // As received.
    std::string_view target() const noexcept { return detail::from_abi(raw_.target); }

    // Dot segments removed, still percent-encoded.
    std::string_view path() const noexcept { return detail::from_abi(raw_.path); }

    // What stands behind "?", as received; empty if there is none.
    std::string_view query() const noexcept { return detail::from_abi(raw_.query); }

    // host[:port]; empty only in HTTP/1.0.
    std::string_view authority() const noexcept { return detail::from_abi(raw_.authority); }

    // 10 for HTTP/1.0, 11 for HTTP/1.1.
    unsigned version() const noexcept { return raw_.version; }

    field_list fields() const noexcept { return {raw_.fields, raw_.field_count}; }

    // The value of the first field with this name, whatever its case. A field may come more than
    // once: fields() has them all.
    std::optional<std::string_view> field(std::string_view name) const noexcept {
        for (const auto each : fields()) {
            if (detail::is_same_name(each.name, name)) {
                return each.value;
            }
        }
        return std::nullopt;
    }

    // What the route's {name} took from the path, percent-decoded: "Ada L" of "/Ada%20L".
    // Throws std::out_of_range where the route's pattern has no such name.
    [[gnu::always_inline]] std::string_view param(std::string_view name) const {
        for (std::uint32_t at = 0; at != raw_.parameter_count; ++at) {
            const mortise_field& each = raw_.parameters[at];
            if (each.name.size == name.size() &&
                std::memcmp(each.name.data, name.data(), name.size()) == 0) {
                return detail::from_abi(each.value);
            }
        }
        detail::throw_no_param(name);
    }

    // The content, on a route registered with whole_content; empty on every other.
    std::string_view content() const noexcept { return detail::from_abi(raw_.content); }

    // Bytes, where the request says how many: not in chunked coding.
    std::optional<std::uint64_t> content_length() const noexcept {
        if (raw_.content_length < 0) {
            return std::nullopt;
        }
        return static_cast<std::uint64_t>(raw_.content_length);
    }

    // By what it is known beyond the host, and whom it comes from. This alone is a call to the
    // host, on the request's loop. Throws std::logic_error elsewhere, std::runtime_error where the
    // host does not have mortise.identity/1.
    mortise::identity identity() const { return detail::identity_at(at_); }

private:
    const mortise_request& raw_;
    const detail::occasion at_;
};

} // namespace sdk_v0
} // namespace mortise
