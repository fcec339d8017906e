// SPDX-License-Identifier: BSL-1.0
// The host: constructs everything, serves until it is told to stop, and takes it all down.
#pragma once

#include <string_view>

namespace mortise::config {
struct configured;
struct source;
} // namespace mortise::config

namespace mortise::server {

// Exit codes of the host.
inline constexpr int exit_clean = 0;  // stopped, and nothing was cut off
inline constexpr int exit_failed = 1; // could not start, or had to cut something off

// Serves by `read`, which was read from `from` and is read from there again when the host is told
// to reload. On the calling thread, which becomes the control thread, and on a thread for each
// loop. SIGINT and SIGTERM drain: what is in flight is finished, up to settings.drain; a second one
// stops at once. Reports on standard error; "Server started at http://…" goes to standard output,
// unless the access log does.
int serve(const config::source& from, config::configured read);

// Where a host has started this process to take its place: tells it why that cannot be.
void refuse_upgrade(std::string_view why);

} // namespace mortise::server
