// SPDX-License-Identifier: BSL-1.0
// Writing to the host's log.
#pragma once

#include <mortise/abi/ext/log.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/short_text.hpp>
#include <mortise/sdk/detail/view.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace mortise {
inline namespace sdk_v0 {

// A field of a log line: its name, and its value as a part of a text. Lives within one call.
template <text_part Value>
struct named {
    named(std::string_view its_name, const Value& its_value) noexcept
        : name{its_name}, value{its_value} {}

    std::string_view name; // "path"
    const Value& value;
};
template <class Value>
named(std::string_view, const Value&) -> named<Value>;

namespace detail {

template <class Part>
inline constexpr bool is_named = false;
template <class Value>
inline constexpr bool is_named<named<Value>> = true;

template <class Part>
concept log_part = text_part<Part> || is_named<Part>;

} // namespace detail

// Where a plugin's log lines go; config::log() gives it. Copies are cheap and equal. Valid for the
// life of the plugin's object, on any thread; exchange::log() gives one that adds the number of its
// exchange to each line, and on its loop the request's id. The parts of a line are joined without
// blanks; what is named becomes a field behind the text, at most 16 of them:
//
//     log_.info("loaded ", count, " prices", mortise::named("path", path));
class log {
public:
    // Used by the SDK; a plugin gets its log from its config.
    explicit log(const detail::services& services, mortise_exchange about = 0) noexcept
        : table_{services.log}, instance_{services.instance}, about_{about} {}

    template <detail::log_part... Parts>
    void debug(const Parts&... parts) const {
        write(MORTISE_LOG_DEBUG, parts...);
    }
    template <detail::log_part... Parts>
    void info(const Parts&... parts) const {
        write(MORTISE_LOG_INFO, parts...);
    }
    template <detail::log_part... Parts>
    void warning(const Parts&... parts) const {
        write(MORTISE_LOG_WARNING, parts...);
    }
    template <detail::log_part... Parts>
    void error(const Parts&... parts) const {
        write(MORTISE_LOG_ERROR, parts...);
    }

private:
    template <class... Parts>
    void write(std::uint32_t level, const Parts&... parts) const {
        if (table_ == nullptr || table_->is_on(instance_, level) == 0) {
            return;
        }
        constexpr std::size_t field_count = (std::size_t{detail::is_named<Parts>} + ... + 0);
        static_assert(field_count <= 16, "a line has at most 16 fields");
        detail::short_text<256> text;
        std::array<detail::short_text<64>, field_count> values;
        std::array<mortise_field, field_count> fields;
        std::size_t at = 0;
        const auto add = [&](const auto& part) {
            if constexpr (detail::is_named<std::remove_cvref_t<decltype(part)>>) {
                detail::append_part(values[at], part.value);
                fields[at] = {detail::to_abi(part.name), detail::to_abi(values[at].view())};
                ++at;
            } else {
                detail::append_part(text, part);
            }
        };
        (add(parts), ...);
        const mortise_log_line line{.size = sizeof line,
                                    .level = level,
                                    .text = detail::to_abi(text.view()),
                                    .field_count = static_cast<std::uint32_t>(field_count),
                                    .reserved = 0,
                                    .fields = fields.data(),
                                    .exchange = about_};
        table_->write(instance_, &line);
    }

    const mortise_log* table_; // null: this host keeps no lines of plugins
    mortise_instance* instance_;
    mortise_exchange about_; // 0: none
};

} // namespace sdk_v0
} // namespace mortise
