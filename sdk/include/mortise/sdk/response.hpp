// SPDX-License-Identifier: BSL-1.0
// What a handler answers with.
#pragma once

#include <mortise/sdk/detail/field_record.hpp>
#include <mortise/sdk/detail/short_text.hpp>
#include <mortise/sdk/field.hpp>
#include <mortise/sdk/file.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// A string literal: text that lives as long as the library.
struct literal {
    template <std::size_t Size>
    consteval literal(const char (&characters)[Size]) : text{characters, Size - 1} {}

    std::string_view text;
};

} // namespace detail

// A status, fields and content, all owned by the response. Up to 208 bytes of content and 128 of
// fields live inside the object and never touch the heap. The host writes Date, Content-Length and
// Connection, and refuses a field whose name or value breaks RFC 9110, 5: the client then gets 500.
class response {
public:
    // `status` is a code of RFC 9110, 15, from 200 to 599.
    explicit response(unsigned status = 200) noexcept : status_{status} {}

    unsigned status() const noexcept { return status_; }
    // Empty where a file is sent.
    std::string_view content() const noexcept { return content_.view(); }
    // Null: the content is in memory.
    const mortise::file* file() const noexcept { return file_.get(); }
    std::string_view media_type() const noexcept { return media_type_; }
    // The fields, without a Content-Type that media_type() has.
    const detail::field_record& fields() const noexcept { return fields_; }

    response& with_status(unsigned status) & noexcept {
        status_ = status;
        return *this;
    }
    response&& with_status(unsigned status) && noexcept { return std::move(with_status(status)); }

    // Adds a field line; both texts are copied. The same name may be added more than once.
    // A Content-Type replaces that of text() and with_media_type().
    response& with_field(std::string_view name, std::string_view value) & {
        if (detail::is_same_name(name, "Content-Type")) {
            media_type_ = {};
        }
        fields_.add(name, value);
        return *this;
    }
    response&& with_field(std::string_view name, std::string_view value) && {
        return std::move(with_field(name, value));
    }

    // The Content-Type, as a string literal, which is not copied. Empty: none.
    response& with_media_type(detail::literal media_type) & noexcept {
        media_type_ = media_type.text;
        return *this;
    }
    response&& with_media_type(detail::literal media_type) && noexcept {
        return std::move(with_media_type(media_type));
    }

    // Replaces the content. A std::string of more than 16 KiB that is moved in is never copied, not
    // even by the host, which borrows it.
    response& with_content(std::string_view content) & {
        file_.reset();
        content_.assign(content);
        return *this;
    }
    response& with_content(std::string&& content) & {
        file_.reset();
        content_.assign(std::move(content));
        return *this;
    }
    response& with_content(const char* content) & {
        return with_content(std::string_view{content});
    }
    // The file is read while it is sent, by the host, without passing through the plugin. One that
    // is shorter by then than this range is answered with 500, or ends the connection.
    response& with_content(mortise::file content) & {
        content_.assign(std::string_view{});
        file_ = std::make_shared<const mortise::file>(std::move(content));
        return *this;
    }
    template <class Content>
    response&& with_content(Content&& content) && {
        return std::move(with_content(std::forward<Content>(content)));
    }

    // Adds to a content in memory, without blanks between the parts: text, characters, whole
    // numbers.
    template <text_part... Parts>
    [[gnu::always_inline]] response& append(const Parts&... parts) {
        (detail::append_part(content_, parts), ...);
        return *this;
    }

    // Used by the SDK: the string of a content too long for the room inside the response.
    std::string release_content() noexcept { return content_.release(); }
    std::shared_ptr<const mortise::file> release_file() noexcept { return std::move(file_); }

private:
    unsigned status_;
    std::string_view media_type_;
    detail::field_record fields_;
    detail::short_text<208> content_;
    std::shared_ptr<const mortise::file> file_; // in the place of content_
};

// 200 with the parts, joined without blanks, as text/plain in UTF-8:
//
//     return mortise::text("Hello, ", name, "!\n");
template <text_part... Parts>
[[gnu::always_inline]] inline response text(const Parts&... parts) {
    response answer;
    answer.with_media_type("text/plain; charset=utf-8");
    answer.append(parts...);
    return answer;
}

} // namespace sdk_v0
} // namespace mortise
