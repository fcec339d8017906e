// SPDX-License-Identifier: BSL-1.0
// What can be asked of a host, as a table.
#pragma once

#include "admin/command.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::admin {

// One row. `answer` is given what stands in the place of {id}, or nothing.
struct endpoint {
    std::string_view method; // GET, which changes nothing and answers HEAD too; or POST
    std::string_view path;   // "/plugins/{id}/rollback"
    std::function<void(const std::string& id, replier reply)> answer;
};

// Everything [control].
class endpoint_table {
public:
    void add(std::vector<endpoint> rows);

    // By the first row that fits. Where none has the path, 404; where none of these has the method,
    // 405 with Allow. A query is not looked at.
    void answer(const command& asked, replier reply) const;

private:
    std::vector<endpoint> rows_;
};

} // namespace mortise::admin
