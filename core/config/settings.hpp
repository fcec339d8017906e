// SPDX-License-Identifier: BSL-1.0
// Everything that an operator decides about a host, as plain values.
#pragma once

#include "base/clock.hpp"
#include "http1/limits.hpp"
#include "net/listener_settings.hpp"
#include "observe/access_record.hpp"
#include "observe/log.hpp"
#include "plugin/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mortise::config {

// Where a plugin's routes stand.
struct placement {
    std::string mount;              // goes before each pattern: "/shop"; empty: nothing does
    std::vector<std::string> hosts; // in the place of the routes' own; empty: those

    bool operator==(const placement&) const = default;
};

struct settings {
    std::vector<net::listener_settings> listeners; // none: one as it is by itself
    std::size_t workers = 0;                       // event loops; 0: one per core
    std::size_t pool_threads = 8;                  // that plugins' blocking work runs on
    std::size_t pool_queue = 1000; // pieces of such work that wait; more are refused
    std::string server_field;      // the Server field; empty: none
    bool server_timing = false;    // a Server-Timing field with each handler's answer
    std::filesystem::path state;   // directory for what outlasts a process; empty: none
    bool check_plugins = false;    // a breach of the border ends the host
    bool ends_with_parent = false; // killed when the process ends that started it

    std::size_t max_connections = 100'000; // open at once, over all loops
    http1::limits limits;
    http1::deadlines deadlines;
    base::milliseconds drain_delay{0};                   // accepts on before that; 0: none
    base::milliseconds drain = std::chrono::seconds{30}; // for what is in flight at the end

    observe::level log_level = observe::level::info;
    observe::log_format log_format = observe::log_format::text;
    observe::access_format access_log = observe::access_format::off;
    std::filesystem::path access_log_file;  // empty: standard output
    std::uint32_t access_log_sample = 1;    // one of so many requests has a line
    bool metrics = true;                    // requests and connections are counted
    std::filesystem::path metrics_file;     // where all metrics are written; empty: nowhere
    std::filesystem::path control;          // socket; empty: none
    std::string admin_listen;               // ADDRESS:PORT of loopback, for commands; empty: none
    std::filesystem::path admin_token_file; // that holds the next; empty: none
    std::string admin_token; // that who connects there has to know; empty: nobody does

    std::filesystem::path plugins; // the plugin directory
    bool all_plugins = false;      // each `*.so` there is loaded; else those of plugin_files
    bool watch_plugins = true;     // its changes come into service without a HUP
    bool probe_plugins = true;     // each is tried in a process of its own before it serves
    base::milliseconds probe_timeout = std::chrono::seconds{5};
    base::milliseconds stall = std::chrono::seconds{1}; // a plugin's call that takes longer
    base::milliseconds call = std::chrono::seconds{3};  // then its loop leaves it
    std::uint32_t quarantine_faults = 100;              // of a plugin within the next; 0: none
    base::milliseconds quarantine_window = std::chrono::seconds{10};
    std::uint32_t quarantine_crashes = 3; // by a plugin within the next; 0: none
    base::milliseconds crash_window = std::chrono::minutes{10};
    std::vector<std::string> filters; // by name, in the order in which requests pass them

    // By plugin id.
    std::map<std::string, std::filesystem::path> plugin_files; // as written; relative to `plugins`
    std::map<std::string, std::map<std::string, std::string>> plugin_configuration; // key to value
    std::map<std::string, placement> placements;
    plugin::limit_table plugin_limits;

    bool logs_to_stdout() const noexcept {
        return access_log != observe::access_format::off && access_log_file.empty();
    }
};

} // namespace mortise::config
