// SPDX-License-Identifier: BSL-1.0
// The testing hosts of this process: the border's functions name an exchange or an operation, not a
// host.
#pragma once

#include <mortise/abi/types.h>

#include <cstdint>
#include <map>
#include <mutex>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

class host_core;

// Any thread. The upper 16 bits of an exchange's number are its host's.
class registry {
public:
    static registry& of_process() {
        static registry only;
        return only;
    }

    std::uint64_t add(host_core& host) {
        const std::lock_guard lock{mutex_};
        hosts_.emplace(++count_, &host);
        return count_;
    }
    void remove(std::uint64_t number) {
        const std::lock_guard lock{mutex_};
        hosts_.erase(number);
    }

    static mortise_exchange number(std::uint64_t host, std::uint64_t count) noexcept {
        return host << 48 | count;
    }

    // Null: that host is gone, or the number is no exchange's.
    host_core* host_of(mortise_exchange exchange) {
        const std::lock_guard lock{mutex_};
        const auto found = hosts_.find(exchange >> 48);
        return found != hosts_.end() ? found->second : nullptr;
    }

    // The first host for which `is_it` holds, or null.
    host_core* find(auto is_it) {
        const std::lock_guard lock{mutex_};
        for (const auto& [number, host] : hosts_) {
            if (is_it(*host)) {
                return host;
            }
        }
        return nullptr;
    }

private:
    std::mutex mutex_;
    std::uint64_t count_ = 0;
    std::map<std::uint64_t, host_core*> hosts_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
