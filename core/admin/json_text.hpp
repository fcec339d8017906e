// SPDX-License-Identifier: BSL-1.0
// JSON as it is sent.
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace mortise::admin {

// What of its texts is not UTF-8 becomes U+FFFD, the replacement character: texts may come from
// plugins, and be names of files.
std::string json_text(const boost::json::object& content);

} // namespace mortise::admin
