// SPDX-License-Identifier: BSL-1.0
// What operators can ask about the host as a whole.
#pragma once

#include "admin/endpoint_table.hpp"
#include "base/clock.hpp"
#include "server/admin_subjects.hpp"
#include "server/roll_call.hpp"

#include <boost/asio/io_context.hpp>

#include <vector>

namespace mortise::server {

// Everything [control].
class admin_desk {
public:
    // A loop that takes longer than `patience` is said not to answer.
    admin_desk(boost::asio::io_context& control, const admin_subjects& about,
               base::milliseconds patience)
        : about_{about}, roll_call_{control, about.workers, patience} {}

    // Those about the host, which call this.
    std::vector<admin::endpoint> endpoints();

private:
    void tell_health(admin::replier reply);
    admin::answer tell_readiness() const;
    void tell_status(admin::replier reply);
    admin::answer tell_metrics() const;
    admin::answer tell_configuration() const;
    void reload(admin::replier reply);
    void upgrade(admin::replier reply);
    boost::json::object status(const roll_call::reports& loops) const;

    const admin_subjects about_;
    roll_call roll_call_;
};

} // namespace mortise::server
