// SPDX-License-Identifier: BSL-1.0
// The grammar of a request's head (RFC 9112, 2 to 5), read strictly and in one pass.
#pragma once

#include "http/field.hpp"
#include "http/method.hpp"
#include "http/problem.hpp"
#include "http1/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mortise::http1 {

struct request_line {
    http::method method;
    std::string_view target;
    std::uint8_t version_minor; // 0 for 1.0; 1 for 1.1 and above
};

// Cuts one head into request line and field lines. Every verdict depends only on the bytes up to
// the one that decides it, so input that arrives in pieces is judged like input that arrives whole.
class tokenizer {
public:
    enum class outcome { found, end, incomplete, refused };

    // `bytes` must outlive what is found in it.
    tokenizer(std::string_view bytes, const limits& limits) noexcept
        : begin_{bytes.data()},
          at_{bytes.data()},
          end_{bytes.data() + bytes.size()},
          limits_{limits} {}

    // found, incomplete or refused. Empty lines before it are passed over (RFC 9112, 2.2).
    outcome read_request_line(request_line& line) noexcept;

    // found: a field line; end: the empty line behind the last one; incomplete or refused.
    outcome read_field(http::field& field) noexcept;

    // With refused.
    const http::problem& why() const noexcept { return *why_; }
    // How many bytes were taken, with end all of the head.
    std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

private:
    outcome refuse(const http::problem& why) noexcept;
    outcome skip_empty_lines() noexcept;
    outcome read_method(http::method& method) noexcept;
    outcome read_target(std::string_view& target) noexcept;
    outcome read_version(std::uint8_t& minor) noexcept;
    outcome read_line_end() noexcept;
    outcome read_section_end() noexcept;
    outcome read_name(std::string_view& name) noexcept;
    outcome read_value(std::string_view& value) noexcept;
    outcome out_of_field_bytes() noexcept;

    const char* const begin_;
    const char* at_;
    const char* const end_;
    const char* section_end_ = nullptr; // where bytes end, or the header section's limit
    const limits& limits_;
    std::size_t field_count_ = 0;
    const http::problem* why_ = nullptr;
};

} // namespace mortise::http1
