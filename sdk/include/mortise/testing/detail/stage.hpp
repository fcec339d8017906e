// SPDX-License-Identifier: BSL-1.0
// What every part of the testing host stands on: its thread, its loop and clock, its faults.
#pragma once

#include <mortise/sdk/detail/view.hpp>
#include <mortise/testing/detail/event_loop.hpp>
#include <mortise/testing/detail/fault_list.hpp>
#include <mortise/testing/options.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

using mortise::detail::from_abi;
using mortise::detail::to_abi;

// A copy of what a plugin passes; an empty view may be null.
inline std::string copy(mortise_view view) {
    return view.size == 0 ? std::string{} : std::string{view.data, view.size};
}

constexpr bool is_sound(mortise_view view) noexcept {
    return view.data != nullptr || view.size == 0;
}

struct filtered_response;

// One thread, the test's, plays the host's control thread and its event loop in turn. This is the
// part that it plays while it is in the plugin's code.
enum class part { test, control, loop, pool };

class stage {
public:
    explicit stage(const host_options& chosen) : options{chosen} {}
    stage(const stage&) = delete;
    stage& operator=(const stage&) = delete;

    const host_options options;
    fault_list faults;
    event_loop loop;
    filtered_response* changing = nullptr; // what on_response may change, while it runs

    bool is_here() const noexcept { return std::this_thread::get_id() == home_; }
    bool plays(part wanted) const noexcept { return is_here() && part_ == wanted; }

    // Whether the plugin may call a [loop] function now; where not, that is a fault. Any thread.
    bool is_on_loop(const std::string& function) {
        if (plays(part::loop)) {
            return true;
        }
        faults.add(function + (is_here() ? ": called where no event loop runs it"
                                         : ": called on a thread that is not the event loop"));
        return false;
    }

    // Calls the plugin, playing `as`. False: an exception came out, which is a fault.
    template <class Call>
    bool enter(part as, const std::string& what, Call&& call) {
        const part before = std::exchange(part_, as);
        ++depth_;
        bool returned = false;
        try {
            std::forward<Call>(call)();
            returned = true;
        } catch (...) {
            faults.add(what + ": an exception crossed the border");
        }
        part_ = before;
        if (--depth_ == 0) {
            for (const auto& each : std::exchange(afterwards_, {})) {
                each();
            }
        }
        return returned;
    }

    // Calls `what` once the plugin's function that runs has returned, the outermost one; now where
    // none runs. The test's thread.
    void afterwards(std::function<void()> what) {
        depth_ == 0 ? what() : afterwards_.push_back(std::move(what));
    }

    // Calls offloaded work, on whatever thread it is.
    template <class Call>
    void enter_pool(const std::string& what, Call&& call) {
        if (is_here()) {
            enter(part::pool, what, std::forward<Call>(call));
            return;
        }
        try {
            std::forward<Call>(call)();
        } catch (...) {
            faults.add(what + ": an exception crossed the border");
        }
    }

    // The code that a test wants the next call of a function to return.
    void refuse_next(function which, std::int32_t code) {
        const std::lock_guard lock{mutex_};
        refusals_[which].push_back(code);
    }
    // Any thread.
    std::optional<std::int32_t> take_refusal(function which) {
        const std::lock_guard lock{mutex_};
        const auto found = refusals_.find(which);
        if (found == refusals_.end() || found->second.empty()) {
            return std::nullopt;
        }
        const std::int32_t code = found->second.front();
        found->second.pop_front();
        return code;
    }

private:
    const std::thread::id home_ = std::this_thread::get_id();
    part part_ = part::test;
    unsigned depth_ = 0; // of calls of the plugin
    std::vector<std::function<void()>> afterwards_;
    std::mutex mutex_; // of the refusals
    std::map<function, std::deque<std::int32_t>> refusals_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
