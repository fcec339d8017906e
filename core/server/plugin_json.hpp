// SPDX-License-Identifier: BSL-1.0
// Plugins as JSON.
#pragma once

#include "server/retirement.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace mortise::server {

// Who it is, and its state: "serving", "quarantined", "disabled". [control]
boost::json::object summary_of(const plugin::instance& one);
boost::json::object summary_of(const retirement::departure& one);

// The same with its file, its routes and its filters, and with what it waits for. [control]
boost::json::object details_of(const plugin::instance& one);
boost::json::object details_of(const retirement::departure& one);

boost::json::array array_of(const std::vector<std::string>& texts);

} // namespace mortise::server
