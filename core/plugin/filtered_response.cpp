// SPDX-License-Identifier: BSL-1.0
// What a filter may do to a response, judged as a handler's own head is.
#include "plugin/filtered_response.hpp"

#include "base/ascii.hpp"
#include "http/sent_field.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/filter.hpp"
#include "plugin/instance.hpp"
#include "plugin/request_view.hpp"
#include "plugin/view.hpp"

#include <algorithm>
#include <new>
#include <string>

namespace mortise::plugin {
namespace {

thread_local filtered_response* innermost = nullptr;

constexpr std::size_t max_fields = 1024;

bool may_have_content(std::uint32_t status) noexcept {
    return status != 204 && status != 304;
}

} // namespace

filtered_response::filtered_response(const filter& by, http::exchange& exchange,
                                     http::response& head) noexcept
    : by_{by}, exchange_{exchange}, head_{head}, outer_{innermost} {
    innermost = this;
}

filtered_response::~filtered_response() {
    innermost = outer_;
}

filtered_response* filtered_response::find(mortise_response* of) noexcept {
    return innermost != nullptr && innermost->abi() == of ? innermost : nullptr;
}

mortise_response_head filtered_response::view(std::optional<std::uint64_t> length,
                                              void* remembered) {
    auto* const fields = exchange_.memory().array<mortise_field>(head_.fields.size()).data();
    for (std::size_t at = 0; at != head_.fields.size(); ++at) {
        fields[at] = {to_abi(head_.fields[at].name), to_abi(head_.fields[at].value)};
    }
    view_request(exchange_, unmoved_text{}, {}, request_,
                 exchange_.memory().array<mortise_field>(count_pairs(exchange_)).data());
    request_.parameter_count = 0;
    request_.method = to_abi(http::method_name(exchange_.request().method));
    auto& loop = exchange_table::of_this_thread()->loop();
    request_.loop = loop.abi();
    request_.loop_state = by_.owner().loop_state(loop.index());
    return {.size = sizeof(mortise_response_head),
            .status = head_.status,
            .field_count = static_cast<std::uint32_t>(head_.fields.size()),
            .reserved = 0,
            .fields = fields,
            .content_length = length ? static_cast<std::int64_t>(*length) : -1,
            .request = &request_,
            .remembered = remembered};
}

std::string_view filtered_response::set_status(std::uint32_t status) noexcept {
    if (status < 200 || status > 599) {
        return "the status is not from 200 to 599";
    }
    if (may_have_content(status) != may_have_content(head_.status)) {
        return "a status with content does not become one without, nor the other way round";
    }
    head_.status = status;
    return {};
}

std::string_view filtered_response::set_field(std::string_view name, std::string_view value) {
    const http::field added{name, value};
    if (http::is_content_length(name)) {
        return "Content-Length is the host's to write";
    }
    if (const auto fault = http::fault_of_sent(added); !fault.empty()) {
        return fault;
    }
    replace_fields(name, &added);
    return {};
}

std::string_view filtered_response::add_field(std::string_view name, std::string_view value) {
    const http::field added{name, value};
    if (http::is_content_length(name)) {
        return "Content-Length is the host's to write";
    }
    if (head_.fields.size() >= max_fields) {
        return "the fields are more than 1024";
    }
    if (const auto fault = http::fault_of_sent(added); !fault.empty()) {
        return fault;
    }
    replace_fields({}, &added);
    return {};
}

std::string_view filtered_response::remove_field(std::string_view name) {
    replace_fields(name, nullptr);
    return {};
}

// The fields but those with the name, and then the one that is added.
void filtered_response::replace_fields(std::string_view without, const http::field* added) {
    const auto fields = exchange_.memory().array<http::field>(head_.fields.size() + 1);
    const auto is_kept = [&](const http::field& each) {
        return !base::equal_ignoring_case(each.name, without);
    };
    auto end = std::ranges::copy_if(head_.fields, fields.begin(), is_kept).out;
    if (added != nullptr) {
        *end++ = {exchange_.memory().copy(added->name), exchange_.memory().copy(added->value)};
    }
    head_.fields = {fields.begin(), end};
}

namespace {

// Does `change` to the response, where it is one of this thread, and says what came of it.
template <class Change>
std::int32_t change_response(mortise_response* of, const char* function, Change change) noexcept {
    auto* const response = filtered_response::find(of);
    if (response == nullptr) {
        return MORTISE_E_STATE;
    }
    try {
        const std::string_view fault = change(*response);
        if (fault.empty()) {
            return MORTISE_OK;
        }
        response->by().report_fault(std::string{function} + ": " + std::string{fault});
        return MORTISE_E_INVALID;
    } catch (const std::bad_alloc&) {
        return MORTISE_E_MEMORY;
    }
}

constexpr std::string_view null_text = "the name or the value is null with a size";

} // namespace

std::int32_t set_status(mortise_response* of, std::uint32_t status) noexcept {
    return change_response(of, "set_status()", [&](filtered_response& response) {
        return response.set_status(status);
    });
}

std::int32_t set_field(mortise_response* of, mortise_view name, mortise_view value) noexcept {
    return change_response(of, "set_field()", [&](filtered_response& response) {
        return is_sound(name) && is_sound(value)
                   ? response.set_field(from_abi(name), from_abi(value))
                   : null_text;
    });
}

std::int32_t add_field(mortise_response* of, mortise_view name, mortise_view value) noexcept {
    return change_response(of, "add_field()", [&](filtered_response& response) {
        return is_sound(name) && is_sound(value)
                   ? response.add_field(from_abi(name), from_abi(value))
                   : null_text;
    });
}

std::int32_t remove_field(mortise_response* of, mortise_view name) noexcept {
    return change_response(of, "remove_field()", [&](filtered_response& response) {
        return is_sound(name) ? response.remove_field(from_abi(name)) : null_text;
    });
}

} // namespace mortise::plugin
