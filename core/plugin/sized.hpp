// SPDX-License-Identifier: BSL-1.0
// Structs of the border whose writer knew fewer members than this host does.
#pragma once

#include <mortise/abi/ext/log.h>
#include <mortise/abi/plugin.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace mortise::plugin {

// The size that every writer of a Struct has at the least: the members up to there must be given,
// all behind them may be missing.
template <class Struct>
inline constexpr std::size_t least_size = sizeof(Struct);
template <>
inline constexpr std::size_t least_size<mortise_plugin> = offsetof(mortise_plugin, start);
template <>
inline constexpr std::size_t least_size<mortise_route> = offsetof(mortise_route, content_limit);
template <>
inline constexpr std::size_t least_size<mortise_reply> = offsetof(mortise_reply, release);
template <>
inline constexpr std::size_t least_size<mortise_log_line> = offsetof(mortise_log_line, field_count);

// Whether it has the members that it must have.
template <class Struct>
bool has_least_size(const Struct* given) noexcept {
    return given != nullptr && given->size >= least_size<Struct>;
}
// Whether it has those, and not all that this host knows.
template <class Struct>
bool is_narrow(const Struct* given) noexcept {
    return has_least_size(given) && given->size < sizeof(Struct);
}

// The members that the size of `given` covers, as far as this host knows them; the others are zero.
template <class Struct>
Struct widen(const Struct& given) noexcept {
    Struct whole{};
    std::memcpy(&whole, &given, std::min<std::size_t>(given.size, sizeof whole));
    whole.size = sizeof whole;
    return whole;
}

} // namespace mortise::plugin
