// SPDX-License-Identifier: BSL-1.0
// The holds behind a lock.
#include "plugin/holds.hpp"

#include <algorithm>
#include <array>
#include <mutex>

namespace mortise::plugin::holds {
namespace {

struct hold {
    std::uint64_t number; // its lowest byte is the ordinal
    std::string reason;
};
struct place {
    bool is_open = false;
    std::vector<hold> taken;
};

std::mutex guard;
std::array<place, 256> places;
std::uint64_t last_number = 0;

} // namespace

void open(std::uint8_t ordinal) noexcept {
    const std::lock_guard lock{guard};
    places[ordinal].is_open = true;
}

std::optional<std::uint64_t> take(std::uint8_t ordinal, std::string_view reason) {
    const std::lock_guard lock{guard};
    place& at = places[ordinal];
    if (!at.is_open) {
        return std::nullopt;
    }
    at.taken.push_back({++last_number << 8 | ordinal, std::string{reason.substr(0, max_reason)}});
    return at.taken.back().number;
}

bool release(std::uint64_t number) noexcept {
    const std::lock_guard lock{guard};
    return std::erase_if(places[number & 0xff].taken,
                         [number](const hold& each) { return each.number == number; }) != 0;
}

std::vector<std::string> reasons(std::uint8_t ordinal) {
    const std::lock_guard lock{guard};
    std::vector<std::string> all;
    for (const hold& each : places[ordinal].taken) {
        all.push_back(each.reason);
    }
    return all;
}

bool is_held(std::uint8_t ordinal) noexcept {
    const std::lock_guard lock{guard};
    return !places[ordinal].taken.empty();
}

bool close(std::uint8_t ordinal) noexcept {
    const std::lock_guard lock{guard};
    place& at = places[ordinal];
    at.is_open = at.is_open && !at.taken.empty();
    return !at.is_open;
}

void forget(std::uint8_t ordinal) noexcept {
    const std::lock_guard lock{guard};
    places[ordinal].is_open = false;
    places[ordinal].taken.clear();
}

} // namespace mortise::plugin::holds
