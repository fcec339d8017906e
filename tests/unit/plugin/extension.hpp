// SPDX-License-Identifier: BSL-1.0
// The host's tables as a plugin gets them, and operations that note how they end.
#pragma once

#include "plugin/host_services.hpp"
#include "plugin/view.hpp"

#include <mortise/abi/ext/content.h>
#include <mortise/abi/ext/file.h>
#include <mortise/abi/ext/identity.h>
#include <mortise/abi/ext/log.h>
#include <mortise/abi/ext/offload.h>
#include <mortise/abi/ext/timer.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace mortise::plugin::test {

template <class Table>
const Table& extension(std::string_view name) {
    return *static_cast<const Table*>(host_services().extension(to_abi(name)));
}
inline const mortise_timer& timer() {
    return extension<mortise_timer>(MORTISE_TIMER_EXTENSION);
}
inline const mortise_offload& offload() {
    return extension<mortise_offload>(MORTISE_OFFLOAD_EXTENSION);
}
inline const mortise_content& content() {
    return extension<mortise_content>(MORTISE_CONTENT_EXTENSION);
}
inline const mortise_file& file() {
    return extension<mortise_file>(MORTISE_FILE_EXTENSION);
}
inline const mortise_identity_calls& identity() {
    return extension<mortise_identity_calls>(MORTISE_IDENTITY_EXTENSION);
}
inline const mortise_log& log() {
    return extension<mortise_log>(MORTISE_LOG_EXTENSION);
}

struct noted_operation {
    noted_operation() {
        operation.size = sizeof operation;
        operation.user = this;
        operation.complete = [](mortise_operation* ended, std::int32_t how) {
            auto& self = *static_cast<noted_operation*>(ended->user);
            self.status = how;
            ++self.times;
            if (self.on_complete) {
                self.on_complete();
            }
        };
    }
    noted_operation(const noted_operation&) = delete;
    noted_operation& operator=(const noted_operation&) = delete;

    bool is_over() const { return times != 0; }

    mortise_operation operation{};
    std::optional<std::int32_t> status;
    int times = 0;
    std::function<void()> on_complete;
};

} // namespace mortise::plugin::test
