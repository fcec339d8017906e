// SPDX-License-Identifier: BSL-1.0
// Field lines: a name and its value (RFC 9110, 5).
#pragma once

#include <mortise/abi/types.h>
#include <mortise/sdk/detail/view.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {

// Views into memory of the request.
struct field {
    std::string_view name;
    std::string_view value;
};

// The fields of a request in the order received; valid as long as the request.
//
//     for (const auto [name, value] : request.fields()) …
class field_list {
public:
    class iterator {
    public:
        using iterator_concept = std::forward_iterator_tag;
        using iterator_category = std::input_iterator_tag;
        using value_type = field;
        using difference_type = std::ptrdiff_t;
        using reference = field;
        using pointer = void;

        iterator() = default;
        explicit iterator(const mortise_field* at) noexcept : at_{at} {}

        field operator*() const noexcept {
            return {detail::from_abi(at_->name), detail::from_abi(at_->value)};
        }
        iterator& operator++() noexcept {
            ++at_;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator{at_++}; }
        bool operator==(const iterator&) const = default;

    private:
        const mortise_field* at_ = nullptr;
    };

    field_list(const mortise_field* first, std::size_t size) noexcept
        : first_{first}, size_{size} {}

    iterator begin() const noexcept { return iterator{first_}; }
    iterator end() const noexcept { return iterator{first_ + size_}; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

private:
    const mortise_field* first_;
    std::size_t size_;
};

namespace detail {

constexpr char to_lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// Field names are compared without regard to case (RFC 9110, 5.1).
constexpr bool is_same_name(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, {}, to_lower, to_lower);
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
