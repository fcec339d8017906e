// SPDX-License-Identifier: BSL-1.0
// Judging what clients call themselves, and making names for those that do not.
#include "http/identity.hpp"

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "http/field.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <sys/random.h>
#include <tuple>

namespace mortise::http {

namespace {

using base::hex_digits;

bool is_hexadecimal(std::string_view text) noexcept {
    return text.find_first_not_of(hex_digits) == text.npos;
}

// The only field of that name; null where there is none, or more than one.
const field* find_single(std::span<const field> fields, std::string_view name) noexcept {
    const auto is_it = [name](const field& each) {
        return base::equal_ignoring_case(each.name, name);
    };
    const auto first = std::ranges::find_if(fields, is_it);
    const bool is_single =
        first != fields.end() && std::find_if(first + 1, fields.end(), is_it) == fields.end();
    return is_single ? &*first : nullptr;
}

// Random bytes, of which a thread takes many from the kernel at once.
class random_bytes {
public:
    std::uint8_t next() noexcept {
        if (left_ == 0) {
            fill();
        }
        return bytes_[--left_];
    }

private:
    // Such a size is given whole once the kernel has what it draws from (getrandom(2)).
    void fill() noexcept {
        ssize_t size = 0;
        while ((size = ::getrandom(bytes_.data(), bytes_.size(), 0)) < 0 && errno == EINTR) {
        }
        if (size != static_cast<ssize_t>(bytes_.size())) {
            std::abort(); // no kernel of this decade
        }
        left_ = bytes_.size();
    }

    std::array<std::uint8_t, 256> bytes_{};
    std::size_t left_ = 0;
};

} // namespace

std::optional<trace_parent> parse_trace_parent(std::string_view value) noexcept {
    constexpr std::size_t size = std::tuple_size_v<trace_parent_text>;
    if (value.size() < size || value[2] != '-' || value[35] != '-' || value[52] != '-') {
        return std::nullopt;
    }
    const auto version = value.substr(0, 2);
    const auto flags = value.substr(53, 2);
    trace_parent found{.trace_id = value.substr(3, 32),
                       .parent_id = value.substr(36, 16),
                       .flags = static_cast<std::uint8_t>(hex_digits.find(flags[0]) * 16 +
                                                          hex_digits.find(flags[1]))};
    for (const auto part : {version, found.trace_id, found.parent_id, flags}) {
        if (!is_hexadecimal(part)) {
            return std::nullopt;
        }
    }
    const auto is_zero = [](std::string_view id) { return id.find_first_not_of('0') == id.npos; };
    const bool has_right_end = value.size() == size || (version != "00" && value[size] == '-');
    if (version == "ff" || !has_right_end || is_zero(found.trace_id) || is_zero(found.parent_id)) {
        return std::nullopt;
    }
    constexpr unsigned recorded = 1;
    found.flags = static_cast<std::uint8_t>(version == "00" ? found.flags : found.flags & recorded);
    return found;
}

trace_parent_text write_trace_parent(const trace_parent& parent) noexcept {
    trace_parent_text text;
    auto to = std::ranges::copy(std::string_view{"00-"}, text.begin()).out;
    to = std::ranges::copy(parent.trace_id, to).out;
    *to++ = '-';
    to = std::ranges::copy(parent.parent_id, to).out;
    *to++ = '-';
    *to++ = hex_digits[parent.flags >> 4];
    *to = hex_digits[parent.flags & 15];
    return text;
}

std::optional<trace_parent> find_trace_parent(std::span<const field> fields) noexcept {
    const auto* const found = find_single(fields, "traceparent");
    return found != nullptr ? parse_trace_parent(found->value) : std::nullopt;
}

std::string_view find_request_id(std::span<const field> fields) noexcept {
    constexpr std::size_t longest = 128;
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-._~+/=:@";
    const auto* const found = find_single(fields, "X-Request-Id");
    const bool is_sound = found != nullptr && found->value.size() <= longest &&
                          found->value.find_first_not_of(allowed) == std::string_view::npos;
    return is_sound ? found->value : std::string_view{};
}

random_id make_random_id() noexcept {
    static constinit thread_local random_bytes bytes;
    random_id made;
    for (std::size_t at = 0; at < made.size(); at += 2) {
        const auto byte = bytes.next();
        made[at] = hex_digits[byte >> 4];
        made[at + 1] = hex_digits[byte & 15];
    }
    return made;
}

} // namespace mortise::http
