// SPDX-License-Identifier: BSL-1.0
// What this host offers beside the core table: an extension a file, all of them by name here.
#pragma once

#include <mortise/abi/ext/config.h>
#include <mortise/abi/ext/content.h>
#include <mortise/abi/ext/file.h>
#include <mortise/abi/ext/filter.h>
#include <mortise/abi/ext/hold.h>
#include <mortise/abi/ext/identity.h>
#include <mortise/abi/ext/log.h>
#include <mortise/abi/ext/loop.h>
#include <mortise/abi/ext/metrics.h>
#include <mortise/abi/ext/offload.h>
#include <mortise/abi/ext/state.h>
#include <mortise/abi/ext/timer.h>

#include <string_view>

namespace mortise::plugin {

// The table of the extension with this name, "mortise.log/1"; null where there is none. [any]
const void* find_extension(std::string_view name) noexcept;

// One table each for the process. Their functions judge every argument and throw nothing.
extern const mortise_log log_extension;
extern const mortise_config config_extension;
extern const mortise_content content_extension;
extern const mortise_file file_extension;
extern const mortise_filter_calls filter_extension;
extern const mortise_hold hold_extension;
extern const mortise_identity_calls identity_extension;
extern const mortise_loop_calls loop_extension;
extern const mortise_metrics metrics_extension;
extern const mortise_offload offload_extension;
extern const mortise_state state_extension;
extern const mortise_timer timer_extension;

} // namespace mortise::plugin
