// SPDX-License-Identifier: BSL-1.0
// The processes below this one, so that none outlives it.
#pragma once

#include <set>
#include <sys/types.h>
#include <vector>

namespace mortise::develop {

// While there is one, processes whose parents have ended become children of this process: a
// compiler whose build tool was killed does not get lost. [control]
class household {
public:
    household();
    household(const household&) = delete;
    household& operator=(const household&) = delete;
    // Ends what is left, but members.
    ~household();

    // Children that somebody else waits for.
    void add(pid_t member) { members_.insert(member); }
    void remove(pid_t member) { members_.erase(member); }

    // All other children.
    std::vector<pid_t> strays() const;
    // Lets go of those that have ended.
    void forget_ended() const;
    // Ends all other children, and theirs, and waits for it.
    void end_strays();

private:
    std::set<pid_t> members_;
};

} // namespace mortise::develop
