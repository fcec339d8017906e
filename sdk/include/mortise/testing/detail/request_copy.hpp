// SPDX-License-Identifier: BSL-1.0
// The request that a handler is given, in memory that goes when it becomes invalid.
#pragma once

#include <mortise/abi/request.h>
#include <mortise/testing/detail/exchange_memory.hpp>
#include <mortise/testing/detail/pattern.hpp>
#include <mortise/testing/detail/stage.hpp>
#include <mortise/testing/log_line.hpp>
#include <mortise/testing/request.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Thread: the test's.
class request_copy {
public:
    // Written once; valid until memory().clear().
    const mortise_request& write(const request& asked, const target& at, const parameters& values,
                                 std::string_view authority, std::string_view content) {
        auto* const raw = new (memory_.allocate(sizeof(mortise_request), alignof(mortise_request)))
            mortise_request{};
        raw->size = sizeof *raw;
        raw->version = asked.version();
        raw->method = keep(asked.method());
        raw->target = keep(asked.target());
        raw->path = keep(at.path);
        raw->query = keep(at.query);
        raw->authority = keep(authority);
        raw->fields = keep(asked.fields(), raw->field_count);
        raw->parameters = keep(values, raw->parameter_count);
        const auto length = asked.content_length();
        raw->content_length = length ? static_cast<std::int64_t>(*length) : -1;
        raw->content = keep(content);
        raw_ = raw;
        return *raw;
    }
    void bind(mortise_loop* loop, void* loop_state) noexcept {
        raw_->loop = loop;
        raw_->loop_state = loop_state;
    }
    void give_memory(void* memory, std::size_t size) noexcept {
        raw_->memory = memory;
        raw_->memory_size = size;
    }

    exchange_memory& memory() noexcept { return memory_; }

private:
    mortise_view keep(std::string_view text) {
        return text.empty() ? mortise_view{nullptr, 0} : to_abi(memory_.copy(text));
    }
    const mortise_field* keep(const field_lines& lines, std::uint32_t& count) {
        count = static_cast<std::uint32_t>(lines.size());
        auto* const first = static_cast<mortise_field*>(
            memory_.allocate(lines.size() * sizeof(mortise_field), alignof(mortise_field)));
        auto* at = first;
        for (const auto& [name, value] : lines) {
            new (at++) mortise_field{keep(name), keep(value)};
        }
        return first;
    }

    exchange_memory memory_;
    mortise_request* raw_ = nullptr;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
