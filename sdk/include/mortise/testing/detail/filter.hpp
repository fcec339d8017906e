// SPDX-License-Identifier: BSL-1.0
// A filter that a plugin registered, and a response while it may change it.
#pragma once

#include <mortise/abi/ext/filter.h>
#include <mortise/sdk/field.hpp>
#include <mortise/testing/detail/exchange_memory.hpp>
#include <mortise/testing/detail/known_as.hpp>
#include <mortise/testing/detail/response_rules.hpp>
#include <mortise/testing/detail/router.hpp>
#include <mortise/testing/log_line.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

struct filter {
    instance* owner;
    std::string name;
    std::shared_ptr<const route> as_route; // whose handle is on_request; it may be null
    mortise_on_response on_response;       // may be null
    void* user;
};

// Lives for one call of on_response. Each function says why it may not be done; empty: it is done.
struct filtered_response {
    unsigned& status;
    field_lines& fields;
    const known_as& of;      // the request
    exchange_memory& memory; // that goes with this

    std::string set_status(std::uint32_t to) {
        if (to < 200 || to > 599 || may_have_content(to) != may_have_content(status)) {
            return "the status is not from 200 to 599, or changes whether there is content";
        }
        status = to;
        return {};
    }
    std::string set_field(std::string_view name, std::string_view value) {
        if (auto rule = judge(name, value); !rule.empty()) {
            return rule;
        }
        remove_field(name);
        fields.emplace_back(name, value);
        return {};
    }
    std::string add_field(std::string_view name, std::string_view value) {
        if (auto rule = judge(name, value); !rule.empty()) {
            return rule;
        }
        fields.emplace_back(name, value);
        return {};
    }
    std::string remove_field(std::string_view name) {
        std::erase_if(fields, [&](const auto& each) {
            return mortise::detail::is_same_name(each.first, name);
        });
        return {};
    }

private:
    static std::string judge(std::string_view name, std::string_view value) {
        return mortise::detail::is_same_name(name, "Content-Length")
                   ? "Content-Length is the host's to write"
                   : rule_broken_by(name, value, -1);
    }
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
