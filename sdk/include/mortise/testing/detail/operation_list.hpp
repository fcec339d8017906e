// SPDX-License-Identifier: BSL-1.0
// Every operation that is pending, and its one completion.
#pragma once

#include <mortise/abi/operation.h>
#include <mortise/testing/detail/stage.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// The host's side of an operation between its start and its completion.
struct pending_operation {
    mortise_operation* operation;
    std::string name;             // "echo: timer wait()"
    const void* owner;            // the instance
    mortise_operation as_started; // what the plugin set
    std::function<void()> cancel; // lets it finish(MORTISE_E_CANCELLED) now or later
    std::function<void()> ended;  // is called when it is the host's no more; may be null
    bool is_decided = false;      // its completion is on its way
};

// Thread: the test's.
class operation_list {
public:
    explicit operation_list(stage& on) noexcept : stage_{on} {}

    // Whether the plugin may start it; where not, that is a fault and the code to return.
    std::int32_t judge(const mortise_operation* operation, const std::string& name) {
        if (operation == nullptr || operation->size < sizeof *operation ||
            operation->complete == nullptr) {
            stage_.faults.add(
                name +
                ": the operation is null, smaller than mortise_operation, or has no complete");
            return MORTISE_E_INVALID;
        }
        if (pending_.contains(operation)) {
            stage_.faults.add(name + ": the operation is pending already, by " +
                              pending_.at(operation)->name);
            return MORTISE_E_STATE;
        }
        return MORTISE_OK;
    }

    // From here on it is the host's, until finish().
    void add(mortise_operation& operation, std::string name, const void* owner,
             std::function<void()> cancel, std::function<void()> ended = nullptr) {
        std::fill(std::begin(operation.host), std::end(operation.host), guard);
        pending_.emplace(&operation, std::make_shared<pending_operation>(pending_operation{
                                         &operation, std::move(name), owner, operation,
                                         std::move(cancel), std::move(ended)}));
    }

    // Lets complete() run with this, in a turn of its own. Nothing where that is decided already.
    void finish(mortise_operation& operation, std::int32_t status, std::uint64_t result = 0) {
        const auto found = pending_.find(&operation);
        if (found == pending_.end() || std::exchange(found->second->is_decided, true)) {
            return;
        }
        stage_.loop.post(
            [this, each = found->second, status, result] { complete(each, status, result); });
    }

    bool has(const mortise_operation* operation) const { return pending_.contains(operation); }

    void cancel(mortise_operation* operation) {
        const auto found = pending_.find(operation);
        if (found != pending_.end() && !found->second->is_decided) {
            const auto each = found->second;
            each->cancel();
        }
    }
    void cancel_all(const void* owner) {
        for (auto* const each : of(owner)) {
            cancel(each);
        }
    }

    // Never completes them: their plugin or their memory is gone.
    void drop(mortise_operation* operation) {
        if (const auto dropped = pending_.extract(operation)) {
            end(*dropped.mapped());
        }
    }

    std::vector<mortise_operation*> of(const void* owner) const {
        std::vector<mortise_operation*> all;
        for (const auto& [address, each] : pending_) {
            if (each->owner == owner) {
                all.push_back(each->operation);
            }
        }
        return all;
    }
    std::vector<mortise_operation*> within(const auto& memory) const {
        std::vector<mortise_operation*> all;
        for (const auto& [address, each] : pending_) {
            if (memory.has(address)) {
                all.push_back(each->operation);
            }
        }
        return all;
    }
    const std::string& name_of(const mortise_operation* operation) const {
        return pending_.at(operation)->name;
    }

    // "echo: timer wait(), echo: content read()"
    std::string names() const {
        std::string all;
        for (const auto& [address, each] : pending_) {
            all += (all.empty() ? "" : ", ") + each->name;
        }
        return all;
    }

private:
    static constexpr std::uint64_t guard = 0x6d6f7274697365;

    static bool is_untouched(const pending_operation& each) {
        const mortise_operation& now = *each.operation;
        return now.complete == each.as_started.complete && now.user == each.as_started.user &&
               std::ranges::all_of(now.host, [](std::uint64_t word) { return word == guard; });
    }

    static void end(const pending_operation& each) {
        if (each.ended) {
            each.ended();
        }
    }

    void complete(const std::shared_ptr<pending_operation>& each, std::int32_t status,
                  std::uint64_t result) {
        const auto found = pending_.find(each->operation);
        if (found == pending_.end() || found->second != each) {
            return; // dropped
        }
        pending_.erase(found);
        end(*each);
        if (!is_untouched(*each)) {
            stage_.faults.add(each->name + ": the operation was overwritten while it was pending; "
                                           "it is not completed");
            return;
        }
        each->operation->result = result;
        stage_.enter(part::loop, each->name + ": complete",
                     [&] { each->as_started.complete(each->operation, status); });
    }

    stage& stage_;
    std::map<const mortise_operation*, std::shared_ptr<pending_operation>> pending_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
