// SPDX-License-Identifier: BSL-1.0
// What a plugin did against the rules of the border.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Any thread.
class fault_list {
public:
    void add(std::string text) {
        const std::lock_guard lock{mutex_};
        texts_.push_back(std::move(text));
    }

    // All of them, which thereby were looked at.
    std::vector<std::string> read() {
        const std::lock_guard lock{mutex_};
        seen_ = texts_.size();
        return texts_;
    }

    // Those that came after the last read(), one a line.
    std::string unseen() const {
        const std::lock_guard lock{mutex_};
        std::string all;
        for (std::size_t at = seen_; at != texts_.size(); ++at) {
            all += "  " + texts_[at] + "\n";
        }
        return all;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> texts_;
    std::size_t seen_ = 0;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
