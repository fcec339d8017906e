// SPDX-License-Identifier: BSL-1.0
// One created plugin, as the testing host sees it.
#pragma once

#include <mortise/abi/ext/state.h>
#include <mortise/abi/plugin.h>
#include <mortise/testing/detail/stage.hpp>
#include <mortise/testing/library.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// Keys and values of a plugin.
using configuration = std::map<std::string, std::string, std::less<>>;

namespace detail {

class host_core;

// Where the life of an instance stands.
enum class phase {
    made,
    creating,
    configuring,
    starting,
    entering_loop,
    serving,
    quiesced,
    leaving_loop,
    over,
};

// What a mortise_loop* points to: one for each instance, so that a post after loop_stop is seen.
// It is kept until the host ends. Changed on the test's thread, read on any.
struct loop_handle {
    explicit loop_handle(stage& of) : on{of} {}

    stage& on;
    std::mutex mutex;
    bool is_open = true;      // posts are taken
    bool has_stopped = false; // loop_stop has returned

    mortise_loop* to_abi() noexcept { return reinterpret_cast<mortise_loop*>(this); }
    static loop_handle* from_abi(mortise_loop* loop) noexcept {
        return reinterpret_cast<loop_handle*>(loop);
    }
};

// Thread: the test's; id and core: any.
struct instance {
    instance(host_core& of, const struct mortise_plugin& described, configuration given)
        : core{&of},
          descriptor{described},
          id{described.id},
          version{described.version},
          values{std::move(given)} {}

    host_core* core; // null: the host is gone
    const struct mortise_plugin descriptor;
    const std::string id;
    const std::string version;
    const configuration values;
    std::optional<testing::library> library; // nothing: the code is the test's own
    detail::phase phase = detail::phase::made;
    void* state = nullptr;
    void* loop_state = nullptr;
    loop_handle* loop = nullptr;
    std::set<std::string, std::less<>> read_keys;
    std::string explanation;
    std::vector<std::string> refusals; // of routes and metrics
    std::optional<mortise_state_offer> state_offer;

    bool may_start() const noexcept {
        return phase == detail::phase::entering_loop || phase == detail::phase::serving ||
               phase == detail::phase::quiesced;
    }
    mortise_instance* to_abi() noexcept { return reinterpret_cast<mortise_instance*>(this); }
    static instance* from_abi(mortise_instance* of) noexcept {
        return reinterpret_cast<instance*>(of);
    }
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
