// SPDX-License-Identifier: BSL-1.0
// Which threads of the process the host started itself.
#pragma once

#include <sys/types.h>

namespace mortise::base {

// Says so of the thread that makes it, as long as it lives.
class host_thread {
public:
    host_thread();
    host_thread(const host_thread&) = delete;
    host_thread& operator=(const host_thread&) = delete;
    ~host_thread();

    // By the kernel's number of the thread. [any]
    static bool is_one(pid_t thread);

private:
    const pid_t number_;
};

} // namespace mortise::base
