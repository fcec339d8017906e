// SPDX-License-Identifier: BSL-1.0
// Writing to the host's log.
#pragma once

#include <mortise/abi/ext/log.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/short_text.hpp>
#include <mortise/sdk/detail/view.hpp>

namespace mortise {
inline namespace sdk_v0 {

// Where a plugin's log lines go; config::log() gives it. Copies are cheap and equal. Valid for the
// life of the plugin's object, on any thread; exchange::log() gives one that adds the number of its
// exchange to each line. The parts of a line are joined without blanks:
//
//     log_.info("loaded ", count, " prices from ", path);
class log {
public:
    // Used by the SDK; a plugin gets its log from its config.
    explicit log(const detail::services& services, mortise_exchange about = 0) noexcept
        : table_{services.log}, instance_{services.instance}, about_{about} {}

    template <text_part... Parts>
    void debug(const Parts&... parts) const {
        write(MORTISE_LOG_DEBUG, parts...);
    }
    template <text_part... Parts>
    void info(const Parts&... parts) const {
        write(MORTISE_LOG_INFO, parts...);
    }
    template <text_part... Parts>
    void warning(const Parts&... parts) const {
        write(MORTISE_LOG_WARNING, parts...);
    }
    template <text_part... Parts>
    void error(const Parts&... parts) const {
        write(MORTISE_LOG_ERROR, parts...);
    }

private:
    template <class... Parts>
    void write(std::uint32_t level, const Parts&... parts) const {
        if (table_ == nullptr || table_->is_on(instance_, level) == 0) {
            return;
        }
        detail::short_text<256> text;
        (detail::append_part(text, parts), ...);
        const mortise_log_line line{.size = sizeof line,
                                    .level = level,
                                    .text = detail::to_abi(text.view()),
                                    .field_count = 0,
                                    .reserved = 0,
                                    .fields = nullptr,
                                    .exchange = about_};
        table_->write(instance_, &line);
    }

    const mortise_log* table_; // null: this host keeps no lines of plugins
    mortise_instance* instance_;
    mortise_exchange about_; // 0: none
};

} // namespace sdk_v0
} // namespace mortise
