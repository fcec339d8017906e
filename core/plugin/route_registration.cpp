// SPDX-License-Identifier: BSL-1.0
// The rules of a registered route that can be judged without the other routes.
#include "plugin/route_registration.hpp"

#include "http/method.hpp"
#include "plugin/sized.hpp"
#include "plugin/view.hpp"

namespace mortise::plugin {
namespace {

constexpr std::uint32_t known_flags = MORTISE_ROUTE_MAY_WAIT | MORTISE_ROUTE_CONTENT |
                                      MORTISE_ROUTE_KEEPS_ON | MORTISE_ROUTE_HALF_CLOSE_LEAVES;
constexpr std::size_t max_text = 4096; // bytes of a method, host or pattern

bool is_short(mortise_view view) noexcept {
    return is_sound(view) && view.size <= max_text;
}

fault refusal(const std::string& which, std::string_view rule) {
    return {"registers " + which + ", which is refused: " + std::string{rule},
            "correct the route in its sources"};
}

std::string broken_rule(const route& copied) {
    if (http::parse_method(copied.method) == http::method::unknown) {
        return "its method is none that this host serves";
    }
    if (!copied.pattern.starts_with('/')) {
        return "its pattern does not begin with /";
    }
    if (copied.call == nullptr) {
        return "it has no handle";
    }
    if ((copied.flags & ~known_flags) != 0) {
        return "it has a flag that this host does not know";
    }
    return {};
}

} // namespace

judged<route> copy_route(const mortise_route& given) {
    if (!has_least_size(&given)) {
        return refusal("a route", "its size is smaller than mortise_route");
    }
    const mortise_route asked = widen(given);
    if (!is_short(asked.method) || !is_short(asked.host) || !is_short(asked.pattern)) {
        return refusal("a route", "its method, host or pattern is null or too long");
    }
    route copied{std::string{from_abi(asked.method)},
                 std::string{from_abi(asked.host)},
                 std::string{from_abi(asked.pattern)},
                 asked.flags,
                 asked.content_limit,
                 asked.handle,
                 asked.user};
    if (const std::string rule = broken_rule(copied); !rule.empty()) {
        return refusal(copied.method + " " + copied.host + copied.pattern, rule);
    }
    return copied;
}

} // namespace mortise::plugin
