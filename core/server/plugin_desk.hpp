// SPDX-License-Identifier: BSL-1.0
// What operators can ask about plugins, and have done with them.
#pragma once

#include "admin/endpoint_table.hpp"

#include <string>
#include <vector>

namespace mortise::server {

class fleet;
class retirement;
class rollout;

// Everything [control].
class plugin_desk {
public:
    plugin_desk(fleet& plugins, rollout& changes, const retirement& leaving) noexcept
        : fleet_{plugins}, rollout_{changes}, retirement_{leaving} {}

    // Those about plugins, which call this.
    std::vector<admin::endpoint> endpoints();

private:
    admin::answer list() const;
    admin::answer list_routes() const;
    admin::answer show(const std::string& id) const;
    admin::answer admit(const std::string& id, bool is_open);
    void reload(admin::replier reply);
    void roll_back(const std::string& id, admin::replier reply);

    fleet& fleet_;
    rollout& rollout_;
    const retirement& retirement_;
};

} // namespace mortise::server
