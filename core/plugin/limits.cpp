// SPDX-License-Identifier: BSL-1.0
// A plugin's own limits before those of all.
#include "plugin/limits.hpp"

namespace mortise::plugin {

limits limits_of(const limit_table& table, std::string_view id) {
    limits own;
    for (const auto place : {table.find(id), table.find("*")}) {
        if (place == table.end()) {
            continue;
        }
        const limits& given = place->second;
        own.requests = own.requests != 0 ? own.requests : given.requests;
        own.pool = own.pool != 0 ? own.pool : given.pool;
        own.time = own.time.count() != 0 ? own.time : given.time;
        own.log = own.log != 0 ? own.log : given.log;
        own.memory = own.memory != 0 ? own.memory : given.memory;
    }
    return own;
}

} // namespace mortise::plugin
