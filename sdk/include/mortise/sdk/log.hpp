// SPDX-License-Identifier: BSL-1.0
// Writing to the host's log.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/short_text.hpp>
#include <mortise/sdk/detail/view.hpp>

namespace mortise {
inline namespace sdk_v0 {

// Where a plugin's log lines go; config::log() gives it. Copies are cheap and equal. Valid for the
// life of the plugin's object, on any thread. The parts of a line are joined without blanks:
//
//     log_.info("loaded ", count, " prices from ", path);
class log {
public:
    // Used by the SDK; a plugin gets its log from its config.
    log(const mortise_host& host, mortise_instance* instance) noexcept
        : host_{&host}, instance_{instance} {}

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
        detail::short_text<256> line;
        (detail::append_part(line, parts), ...);
        host_->log(instance_, level, detail::to_abi(line.view()));
    }

    const mortise_host* host_;
    mortise_instance* instance_;
};

} // namespace sdk_v0
} // namespace mortise
