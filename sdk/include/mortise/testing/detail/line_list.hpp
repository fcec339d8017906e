// SPDX-License-Identifier: BSL-1.0
// The log of a testing host.
#pragma once

#include <mortise/testing/log_line.hpp>

#include <mutex>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Any thread.
class line_list {
public:
    void add(log_line line) {
        const std::lock_guard lock{mutex_};
        lines_.push_back(std::move(line));
    }
    std::vector<log_line> read() const {
        const std::lock_guard lock{mutex_};
        return lines_;
    }
    void clear() {
        const std::lock_guard lock{mutex_};
        lines_.clear();
    }

private:
    mutable std::mutex mutex_;
    std::vector<log_line> lines_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
