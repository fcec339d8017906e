// SPDX-License-Identifier: BSL-1.0
// Signals that come from outside are for the control thread alone.
#pragma once

#include <csignal>
#include <pthread.h>

namespace mortise::async {

// While it lives, threads are born with every signal blocked but those of their own faults. Thread:
// the one that starts them.
class signals_blocked {
public:
    signals_blocked() {
        sigset_t all;
        ::sigfillset(&all);
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
            ::sigdelset(&all, fault);
        }
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_blocked(const signals_blocked&) = delete;
    signals_blocked& operator=(const signals_blocked&) = delete;

private:
    sigset_t before_;
};

} // namespace mortise::async
