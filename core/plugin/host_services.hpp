// SPDX-License-Identifier: BSL-1.0
// The table of host functions that every plugin is given.
#pragma once

#include <mortise/abi/host.h>

namespace mortise::plugin {

// One table for the process. Its functions judge every argument, throw nothing, and find the
// calling thread's loop by exchange_table::of_this_thread().
const mortise_host& host_services() noexcept;

} // namespace mortise::plugin
