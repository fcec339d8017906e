// SPDX-License-Identifier: BSL-1.0
// A request as the host would make it.
#pragma once

#include <mortise/abi/request.h>
#include <mortise/sdk/detail/view.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mortise::test {

// Its texts are the caller's, and outlive it.
class fake_request {
public:
    explicit fake_request(std::string_view method = "GET", std::string_view path = "/") {
        raw_.size = sizeof raw_;
        raw_.version = 11;
        raw_.method = detail::to_abi(method);
        raw_.target = raw_.path = detail::to_abi(path);
        raw_.authority = detail::to_abi("localhost:8080");
        raw_.content_length = -1;
    }

    fake_request& with_field(std::string_view name, std::string_view value) {
        fields_.push_back({detail::to_abi(name), detail::to_abi(value)});
        return *this;
    }
    fake_request& with_param(std::string_view name, std::string_view value) {
        parameters_.push_back({detail::to_abi(name), detail::to_abi(value)});
        return *this;
    }
    fake_request& with_query(std::string_view query) {
        raw_.query = detail::to_abi(query);
        return *this;
    }
    fake_request& with_content(std::string_view content) {
        raw_.content = detail::to_abi(content);
        raw_.content_length = static_cast<std::int64_t>(content.size());
        return *this;
    }

    fake_request& with_memory(void* memory, std::size_t size) {
        raw_.memory = memory;
        raw_.memory_size = size;
        return *this;
    }
    // As of a host that knows fewer members.
    fake_request& with_size(std::uint32_t size) {
        raw_.size = size;
        return *this;
    }

    // Valid until the next with_….
    const mortise_request& raw() {
        raw_.fields = fields_.data();
        raw_.field_count = static_cast<std::uint32_t>(fields_.size());
        raw_.parameters = parameters_.data();
        raw_.parameter_count = static_cast<std::uint32_t>(parameters_.size());
        return raw_;
    }

private:
    mortise_request raw_{};
    std::vector<mortise_field> fields_;
    std::vector<mortise_field> parameters_;
};

} // namespace mortise::test
