// SPDX-License-Identifier: BSL-1.0
// Names that resolve in this program alone, so that no test depends on the machine's own.
#pragma once

#include <string>
#include <vector>

namespace mortise::server::test {

// While it lives, `name` stands for the numeric addresses, in that order.
class known_name {
public:
    known_name(const std::string& name, std::vector<std::string> addresses);
    ~known_name();
    known_name(const known_name&) = delete;
    known_name& operator=(const known_name&) = delete;
};

} // namespace mortise::server::test
