// SPDX-License-Identifier: BSL-1.0
// Plugins as JSON.
#pragma once

#include "admin/command.hpp"
#include "server/retirement.hpp"
#include "server/rollout.hpp"
#include "server/snapshot.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace mortise::server {

// Who it is, and its state: "serving", "quarantined", "disabled". [control]
boost::json::object summary_of(const plugin::instance& one);
boost::json::object summary_of(const retirement::departure& one);

// The same with its file, its routes and its filters, and with what it waits for. [control]
boost::json::object details_of(const plugin::instance& one, const composition& by);
boost::json::object details_of(const retirement::departure& one, const composition& by);

// What a change came to. Faults are a conflict between what was asked and what is there.
admin::answer to_answer(const rollout::outcome& came_to);

boost::json::array array_of(const std::vector<std::string>& texts);

} // namespace mortise::server
