// SPDX-License-Identifier: BSL-1.0
// Parts of an ELF file in memory, whose offsets and sizes nobody has judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace mortise::base::elf {

using bytes = std::span<const std::byte>;

// The part of `whole` from `offset` on, `size` bytes long; nothing where it does not fit.
inline std::optional<bytes> part_of(bytes whole, std::uint64_t offset,
                                    std::uint64_t size) noexcept {
    if (offset > whole.size() || size > whole.size() - offset) {
        return std::nullopt;
    }
    return whole.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

// A copy of the T at `offset`, wherever that is; nothing where it does not fit.
template <class T>
std::optional<T> read(bytes whole, std::uint64_t offset) noexcept {
    const auto part = part_of(whole, offset, sizeof(T));
    if (!part) {
        return std::nullopt;
    }
    T value;
    std::memcpy(&value, part->data(), sizeof value);
    return value;
}

// `count` of these where they lie; nothing where they do not fit or are not aligned. `whole` is
// aligned for any T.
template <class T>
std::span<const T> array(bytes whole, std::uint64_t offset, std::uint64_t count) noexcept {
    const bool fits = offset <= whole.size() && offset % alignof(T) == 0 &&
                      count <= (whole.size() - offset) / sizeof(T);
    return fits ? std::span{reinterpret_cast<const T*>(whole.data() + offset),
                            static_cast<std::size_t>(count)}
                : std::span<const T>{};
}

// The text at `offset` of a string table, without its NUL, which stands behind it; empty where it
// does not end.
inline std::string_view text(bytes table, std::uint64_t offset) noexcept {
    if (offset >= table.size()) {
        return {};
    }
    const auto rest = table.subspan(static_cast<std::size_t>(offset));
    const void* const end = std::memchr(rest.data(), '\0', rest.size());
    const auto* const first = reinterpret_cast<const char*>(rest.data());
    return end != nullptr ? std::string_view{first, static_cast<const char*>(end)}
                          : std::string_view{};
}

} // namespace mortise::base::elf
