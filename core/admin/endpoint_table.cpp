// SPDX-License-Identifier: BSL-1.0
// Finding the row of a command.
#include "admin/endpoint_table.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace mortise::admin {

namespace {

constexpr std::string_view placeholder = "{id}";

// What stands in the place of {id}; nothing: the path is another one.
std::optional<std::string> match(std::string_view path, std::string_view asked) {
    const auto open = path.find(placeholder);
    if (open == path.npos) {
        return path == asked ? std::optional{std::string{}} : std::nullopt;
    }
    const auto behind = path.substr(open + placeholder.size());
    if (!asked.starts_with(path.substr(0, open)) || !asked.ends_with(behind) ||
        asked.size() <= open + behind.size()) {
        return std::nullopt;
    }
    const auto id = asked.substr(open, asked.size() - open - behind.size());
    return id.find('/') == id.npos ? std::optional{std::string{id}} : std::nullopt;
}

answer no_such_method(const command& asked, const std::string& allowed) {
    auto refused = failure(405, asked.method + " is nothing that " + asked.target + " does",
                           "what changes something is a POST, what shows something a GET");
    refused.fields.emplace_back("Allow", allowed);
    return refused;
}

} // namespace

void endpoint_table::add(std::vector<endpoint> rows) {
    std::ranges::move(rows, std::back_inserter(rows_));
}

void endpoint_table::answer(const command& asked, replier reply) const {
    const std::string_view path = std::string_view{asked.target}.substr(0, asked.target.find('?'));
    std::string allowed;
    for (const auto& row : rows_) {
        const auto id = match(row.path, path);
        if (!id) {
            continue;
        }
        if (asked.method == row.method || (asked.method == "HEAD" && row.method == "GET")) {
            return row.answer(*id, std::move(reply));
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string{row.method} +
                   (row.method == "GET" ? ", HEAD" : "");
    }
    reply(allowed.empty() ? failure(404, "there is no " + std::string{path},
                                    "ask for /status, or see docs/admin.md")
                          : no_such_method(asked, allowed));
}

} // namespace mortise::admin
