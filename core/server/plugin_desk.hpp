// SPDX-License-Identifier: BSL-1.0
// What the control socket can be asked about plugins.
#pragma once

#include "admin/command.hpp"
#include "server/rollout.hpp"

#include <string>

namespace mortise::server {

class fleet;
class retirement;

// What a change came to. Faults are a conflict between what was asked and what is there.
admin::answer to_answer(const rollout::outcome& came_to);

//   GET  /plugins                  those in service, and those that leave
//   GET  /plugins/ID               one of them
//   POST /plugins/reload           as HUP, and answers when it is done
//   POST /plugins/ID/rollback      the generation before
//   POST /plugins/ID/disable       503 on its routes
//   POST /plugins/ID/enable        and no more, nor for its faults
//
// Everything [control].
class plugin_desk {
public:
    plugin_desk(fleet& plugins, rollout& changes, const retirement& leaving) noexcept
        : fleet_{plugins}, rollout_{changes}, retirement_{leaving} {}

    void obey(const admin::command& asked, admin::replier reply);

private:
    admin::answer list() const;
    admin::answer show(const std::string& id) const;
    admin::answer admit(const std::string& id, bool is_open);
    void roll_back(const std::string& id, admin::replier reply);

    fleet& fleet_;
    rollout& rollout_;
    const retirement& retirement_;
};

} // namespace mortise::server
