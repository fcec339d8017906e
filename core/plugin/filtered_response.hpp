// SPDX-License-Identifier: BSL-1.0
// A response while a filter may change it.
#pragma once

#include "http/exchange.hpp"
#include "http/response.hpp"

#include <mortise/abi/ext/filter.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace mortise::plugin {

class filter;

// Lives on the stack for one call of on_response, which finds it by its address: what calls for a
// response that is none of this thread's reaches nothing. [loop]
class filtered_response {
public:
    filtered_response(const filter& by, http::exchange& exchange, http::response& head) noexcept;
    filtered_response(const filtered_response&) = delete;
    filtered_response& operator=(const filtered_response&) = delete;
    ~filtered_response();

    // What the plugin reads; in the exchange's memory, or this. May throw std::bad_alloc.
    mortise_response_head view(std::optional<std::uint64_t> length, void* remembered);

    mortise_response* abi() noexcept { return reinterpret_cast<mortise_response*>(this); }
    // nullptr: it is none that runs on this thread now.
    static filtered_response* find(mortise_response* of) noexcept;

    // Each says why it may not be done, in constant text, and has then changed nothing; empty: it
    // is done. May throw std::bad_alloc.
    std::string_view set_status(std::uint32_t status) noexcept;
    std::string_view set_field(std::string_view name, std::string_view value);
    std::string_view add_field(std::string_view name, std::string_view value);
    std::string_view remove_field(std::string_view name);

    const filter& by() const noexcept { return by_; }
    http::exchange& exchange() const noexcept { return exchange_; }

private:
    void replace_fields(std::string_view without, const http::field* added);

    const filter& by_;
    http::exchange& exchange_;
    http::response& head_;
    mortise_request request_;
    filtered_response* outer_;
};

// The host's functions of these names (mortise/abi/ext/filter.h).
std::int32_t set_status(mortise_response* of, std::uint32_t status) noexcept;
std::int32_t set_field(mortise_response* of, mortise_view name, mortise_view value) noexcept;
std::int32_t add_field(mortise_response* of, mortise_view name, mortise_view value) noexcept;
std::int32_t remove_field(mortise_response* of, mortise_view name) noexcept;

} // namespace mortise::plugin
