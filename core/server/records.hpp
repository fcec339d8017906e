// SPDX-License-Identifier: BSL-1.0
// What a host keeps of what it did: counts, and the access log.
#pragma once

#include "observe/access_log.hpp"
#include "observe/request_metrics.hpp"
#include "plugin/tally.hpp"
#include "server/visit.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mortise::config {
struct settings;
}

namespace mortise::server {

class fleet;

// Outlives the plugins and the loops. [control]
class records {
public:
    records(const config::settings& chosen, std::size_t loops);

    // Begins the access log, where there is to be one. False: that cannot be, and is told of.
    bool open_access_log();
    // Opens its file anew, where it has one.
    void reopen_access_log();
    // Ends it, and writes out what is left. Every loop has ended before.
    void close_access_log() { access_log_.reset(); }
    observe::access_log* access_log() noexcept { return access_log_ ? &*access_log_ : nullptr; }

    // Null: requests and connections are not counted.
    observe::request_metrics* requests() noexcept { return requests_ ? &*requests_ : nullptr; }
    plugin::tally_table& tallies() noexcept { return tallies_; }

    // All metrics of the host, of its plugins and of the process, in the text format of Prometheus:
    // "text/plain; version=0.0.4; charset=utf-8".
    std::string metrics_text(const fleet& plugins, worker_span workers) const;

private:
    const config::settings& settings_;
    const std::chrono::system_clock::time_point since_ = std::chrono::system_clock::now();
    plugin::tally_table tallies_;
    std::optional<observe::request_metrics> requests_;
    std::optional<observe::access_log> access_log_;
};

} // namespace mortise::server
