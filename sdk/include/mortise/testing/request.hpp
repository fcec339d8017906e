// SPDX-License-Identifier: BSL-1.0
// What a test sends: a request as a client would.
#pragma once

#include <mortise/sdk/field.hpp>
#include <mortise/testing/log_line.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// A value: it owns its texts. The fields Host, Content-Length and Transfer-Encoding are added as
// a client adds them, where the test does not.
//
//     testing::post("/upload?as=x").with_field("Content-Type", "text/plain").with_content("abc")
class request {
public:
    // `target` is the path, percent-encoded, perhaps with "?query".
    request(std::string method, std::string target)
        : method_{std::move(method)}, target_{std::move(target)} {}

    request& with_field(std::string name, std::string value) & {
        fields_.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    // host[:port]; otherwise "localhost:8080".
    request& with_authority(std::string authority) & {
        return with_field("Host", std::move(authority));
    }
    // 10 for HTTP/1.0; otherwise 11.
    request& with_version(unsigned version) & {
        version_ = version;
        return *this;
    }
    request& with_content(std::string content) & {
        content_ = std::move(content);
        has_content_ = true;
        return *this;
    }
    // What the host calls it; otherwise it numbers requests. Such as a trusted proxy's
    // X-Request-Id, which is not looked at here. A field traceparent is, as in the server.
    request& with_request_id(std::string id) & {
        request_id_ = std::move(id);
        return *this;
    }
    // Otherwise "127.0.0.1".
    request& with_client_address(std::string address) & {
        client_address_ = std::move(address);
        return *this;
    }
    // The content comes by push_content() of the pending exchange: of unknown length (chunked), or
    // of the length that the request states.
    request& with_content_to_come(std::optional<std::uint64_t> length = std::nullopt) & {
        content_comes_ = true;
        coming_length_ = length;
        return *this;
    }
    // The client takes `bytes` of the response's content, and more only as the test says:
    // pending::take().
    request& reads_slowly(std::size_t bytes) & {
        window_ = bytes;
        return *this;
    }

    request&& with_field(std::string name, std::string value) && {
        return std::move(with_field(std::move(name), std::move(value)));
    }
    request&& with_authority(std::string authority) && {
        return std::move(with_authority(std::move(authority)));
    }
    request&& with_version(unsigned version) && { return std::move(with_version(version)); }
    request&& with_request_id(std::string id) && {
        return std::move(with_request_id(std::move(id)));
    }
    request&& with_client_address(std::string address) && {
        return std::move(with_client_address(std::move(address)));
    }
    request&& with_content(std::string content) && {
        return std::move(with_content(std::move(content)));
    }
    request&& with_content_to_come(std::optional<std::uint64_t> length = std::nullopt) && {
        return std::move(with_content_to_come(length));
    }
    request&& reads_slowly(std::size_t bytes) && { return std::move(reads_slowly(bytes)); }

    const std::string& method() const noexcept { return method_; }
    const std::string& target() const noexcept { return target_; }
    unsigned version() const noexcept { return version_; }
    const std::string& content() const noexcept { return content_; }
    const std::optional<std::string>& request_id() const noexcept { return request_id_; }
    const std::string& client_address() const noexcept { return client_address_; }
    bool is_content_to_come() const noexcept { return content_comes_; }
    std::optional<std::size_t> window() const noexcept { return window_; }

    // The length that the request states, if it states one.
    std::optional<std::uint64_t> content_length() const noexcept {
        if (content_comes_) {
            return coming_length_;
        }
        return has_content_ ? std::optional<std::uint64_t>{content_.size()} : std::nullopt;
    }

    // With those that the client adds.
    field_lines fields() const {
        field_lines all = fields_;
        if (!has(all, "Host") && version_ != 10) {
            all.insert(all.begin(), {"Host", "localhost:8080"});
        }
        if (const auto length = content_length(); length && !has(all, "Content-Length")) {
            all.emplace_back("Content-Length", std::to_string(*length));
        } else if (content_comes_ && !length) {
            all.emplace_back("Transfer-Encoding", "chunked");
        }
        return all;
    }

private:
    static bool has(const field_lines& lines, std::string_view name) {
        return std::ranges::any_of(lines, [&](const auto& line) {
            return mortise::detail::is_same_name(line.first, name);
        });
    }

    std::string method_;
    std::string target_;
    unsigned version_ = 11;
    field_lines fields_;
    std::string content_;
    std::optional<std::string> request_id_;
    std::string client_address_ = "127.0.0.1";
    bool has_content_ = false;
    bool content_comes_ = false;
    std::optional<std::uint64_t> coming_length_;
    std::optional<std::size_t> window_; // bytes; nothing: the client takes what comes
};

inline request get(std::string target) {
    return {"GET", std::move(target)};
}
inline request head(std::string target) {
    return {"HEAD", std::move(target)};
}
inline request post(std::string target) {
    return {"POST", std::move(target)};
}
inline request put(std::string target) {
    return {"PUT", std::move(target)};
}
inline request patch(std::string target) {
    return {"PATCH", std::move(target)};
}
inline request del(std::string target) {
    return {"DELETE", std::move(target)};
}
inline request options(std::string target) {
    return {"OPTIONS", std::move(target)};
}

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
