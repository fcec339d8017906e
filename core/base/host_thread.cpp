// SPDX-License-Identifier: BSL-1.0
// A list of numbers.
#include "base/host_thread.hpp"

#include "base/lasting.hpp"

#include <algorithm>
#include <mutex>
#include <unistd.h>
#include <vector>

namespace mortise::base {

namespace {

struct list {
    std::mutex guard;
    std::vector<pid_t> numbers; // guarded
};

list& all() {
    static list& made = lasting<list>();
    return made;
}

} // namespace

host_thread::host_thread() : number_{::gettid()} {
    const std::lock_guard lock{all().guard};
    all().numbers.push_back(number_);
}

host_thread::~host_thread() {
    const std::lock_guard lock{all().guard};
    std::erase(all().numbers, number_);
}

bool host_thread::is_one(pid_t thread) {
    const std::lock_guard lock{all().guard};
    return std::ranges::find(all().numbers, thread) != all().numbers.end();
}

} // namespace mortise::base
