// SPDX-License-Identifier: BSL-1.0
// Why plugins may not be taken down yet.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

struct instance;

// Any thread.
class hold_list {
public:
    std::uint64_t add(const instance* held, std::string reason) {
        const std::lock_guard lock{mutex_};
        holds_.emplace(++last_number_, std::pair{held, std::move(reason)});
        return last_number_;
    }
    // False: it is not there.
    bool remove(std::uint64_t number) {
        const std::lock_guard lock{mutex_};
        return holds_.erase(number) != 0;
    }
    // The first reason for which it is held; nothing where it is not.
    std::optional<std::string> reason(const instance* held) const {
        const std::lock_guard lock{mutex_};
        for (const auto& [number, each] : holds_) {
            if (each.first == held) {
                return each.second;
            }
        }
        return std::nullopt;
    }
    void forget(const instance* held) {
        const std::lock_guard lock{mutex_};
        std::erase_if(holds_, [&](const auto& each) { return each.second.first == held; });
    }

private:
    mutable std::mutex mutex_;
    std::uint64_t last_number_ = 0;
    std::map<std::uint64_t, std::pair<const instance*, std::string>> holds_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
