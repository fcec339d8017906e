// SPDX-License-Identifier: BSL-1.0
// One filter of one plugin: a handler that stands before all routes, and sees responses.
#pragma once

#include "http/response_filter.hpp"
#include "plugin/handler.hpp"
#include "plugin/load_error.hpp"

#include <mortise/abi/ext/filter.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mortise::plugin {

// Owned by its instance. Who comes after it is said by the exchange, before it comes here.
//
//   handle ─► on_request ─┬─► declines, or go_on() later ─► the next handler ─► respond
//                         └─► replies                                              │
//                                                     on_response ◄────────────────┘
class filter final : public handler {
public:
    // `asked` was judged (judge_filter).
    filter(instance& owner, const mortise_filter& asked);

    const std::string& name() const noexcept { return name_; }

    void handle(http::exchange& exchange) noexcept override;
    void decline(http::exchange& exchange) const noexcept override;
    bool is_filter() const noexcept override { return true; }

    // Keeps a value of the plugin beside an exchange that it holds.
    void remember(http::exchange& exchange, void* value) const noexcept;

private:
    class passage;

    std::string named(std::string_view what) const override;

    std::string name_;
    mortise_on_response on_response_;
    void* user_;
};

// Which rule a filter breaks; nothing where it is sound.
std::optional<fault> judge_filter(const mortise_filter& asked);

// The host's functions of these names (mortise/abi/ext/filter.h).
std::int32_t go_on(mortise_exchange number) noexcept;
std::int32_t remember(mortise_exchange number, void* value) noexcept;

} // namespace mortise::plugin
