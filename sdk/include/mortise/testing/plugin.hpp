// SPDX-License-Identifier: BSL-1.0
// A loaded plugin in a test.
#pragma once

#include <mortise/testing/answer.hpp>
#include <mortise/testing/detail/lifecycle.hpp>
#include <mortise/testing/failure.hpp>
#include <mortise/testing/pending.hpp>
#include <mortise/testing/request.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// A route as a plugin registered it.
struct route {
    std::string method;
    std::string host; // empty: every host
    std::string pattern;
    std::uint32_t flags;         // MORTISE_ROUTE_…
    std::uint64_t content_limit; // bytes; 0: the host's own
};

// Given by host::load(). Its end unloads the plugin; where the host ends first, that does. Thread:
// the test's.
class plugin {
public:
    // Used by the testing host.
    explicit plugin(std::shared_ptr<detail::instance> of) noexcept : of_{std::move(of)} {}
    plugin(plugin&&) noexcept = default;
    plugin& operator=(plugin&&) = delete;
    ~plugin() {
        if (of_ == nullptr || of_->core == nullptr) {
            return;
        }
        detail::host_core& host = *of_->core;
        try {
            detail::unload(*of_);
        } catch (const std::exception& error) {
            host.faults.add(of_->id + ": unload: " + error.what());
        }
    }

    const std::string& id() const noexcept { return of_->id; }
    const std::string& version() const noexcept { return of_->version; }

    // Sends a request and lets time pass until the client has all of the answer. Throws failure,
    // which says what it waits for, where none comes.
    answer send(request asked) { return begin(std::move(asked)).finish(); }

    // Hands a request to its handler; neither the loop nor time goes on. The host's routing decides
    // which plugin takes it.
    pending begin(request asked) { return {core(), core().begin(std::move(asked))}; }

    std::vector<route> routes() const {
        std::vector<route> all;
        for (const auto& each : core().routes.of(of_.get())) {
            all.push_back(
                {each->method, each->host, each->pattern_text, each->flags, each->content_limit});
        }
        return all;
    }

    // What a counter or a gauge stands at, or how many values a histogram has seen. Nothing: the
    // plugin has no such series.
    std::optional<double> metric(const std::string& name, const field_lines& labels = {}) const {
        auto* const found = core().metrics.find(of_.get(), name, labels);
        if (found == nullptr) {
            return std::nullopt;
        }
        const std::lock_guard lock{found->mutex};
        return found->kind == MORTISE_METRIC_HISTOGRAM ? static_cast<double>(found->observed)
                                                       : found->value;
    }

    // Keys of its configuration that it never asked for: the server warns of them.
    std::vector<std::string> unread_keys() const {
        std::vector<std::string> all;
        for (const auto& [key, value] : of_->values) {
            if (!of_->read_keys.contains(key)) {
                all.push_back(key);
            }
        }
        return all;
    }

    // No new request comes: they are answered with 404. Those that are pending go on.
    void quiesce() { detail::quiesce(*alive()); }

    // The rest of its life: quiesce; clients leave, exchanges and operations are cancelled and end;
    // loop_stop, destroy; the library is unmapped, which is proved. What does not end, and a
    // library that stays mapped, is a fault. Idempotent.
    void unload() { detail::unload(*of_); }

    // Used by the testing host.
    detail::instance* alive() const {
        if (of_->core == nullptr || of_->phase == detail::phase::over) {
            throw failure{of_->id + " was unloaded"};
        }
        return of_.get();
    }

private:
    detail::host_core& core() const { return *alive()->core; }

    std::shared_ptr<detail::instance> of_;
};

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
