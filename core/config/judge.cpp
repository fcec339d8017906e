// SPDX-License-Identifier: BSL-1.0
// Rules over more than one key.
#include "config/judge.hpp"

#include "config/keys.hpp"
#include "config/reader.hpp"
#include "config/token.hpp"
#include "net/listen_address.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mortise::config {

namespace {

// As the operator knows it: there may be no file.
std::string told_as(const configured& of, const std::string& name) {
    const auto known = std::ranges::find(keys(), name, &key<settings>::name);
    return of.main.empty() ? known->flag : name;
}

void judge_head(configured& of) {
    const auto& limits = of.chosen.limits;
    const std::size_t head = limits.target_size + limits.header_size;
    if (head <= http1::limits::largest_head) {
        return;
    }
    const bool is_target = of.from.contains("limits.target_size");
    of.faults.push_back(
        {of.place_of(is_target ? "limits.target_size" : "limits.header_size"),
         told_as(of, "limits.target_size") + " and " + told_as(of, "limits.header_size") +
             " come to " + std::to_string(head) + " bytes",
         "together they are at most " + std::to_string(http1::limits::largest_head)});
}

void judge_plugins(configured& of) {
    if (of.chosen.all_plugins && of.chosen.plugins.empty()) {
        of.faults.push_back({of.place_of("plugins.all"),
                             "plugins.all is set, and plugins.directory is not", "set it"});
    }
    const bool has_fault = !of.faults.empty(); // which may be why there is none
    if (!has_fault && !of.chosen.all_plugins && of.chosen.plugin_files.empty()) {
        of.faults.push_back({of.place_of("plugins.directory"), "no plugin is named",
                             "add a table [plugin.ID] with a file, or set plugins.all = true"});
    }
}

void judge_admin_token(configured& of) {
    auto& chosen = of.chosen;
    if (chosen.admin_token_file.empty()) {
        return;
    }
    if (auto bad = read_token(chosen.admin_token_file, chosen.admin_token); !bad.empty()) {
        of.faults.push_back({of.place_of("admin.token_file"), std::move(bad), {}});
    }
}

// A listener that has the port of the admin listener, by whatever name.
void judge_admin_listen(configured& of) {
    const auto admin = net::listen_address::parse(of.chosen.admin_listen);
    if (!admin || admin->port == "0") {
        return;
    }
    auto listeners = of.chosen.listeners;
    listeners.resize(std::max<std::size_t>(1, listeners.size())); // the one of the defaults
    for (const auto& each : listeners) {
        const auto at = net::listen_address::parse(each.address);
        const bool is_same = at && at->is == net::listen_address::kind::tcp &&
                             at->port == admin->port &&
                             (at->name == admin->name || at->name == "localhost" ||
                              at->name == (admin->name == "::1" ? "::" : "0.0.0.0"));
        if (is_same) {
            of.faults.push_back({of.place_of("admin.listen"),
                                 told_as(of, "admin.listen") + " is a place of the listener at " +
                                     each.address + " too",
                                 "take another port for one of the two"});
        }
    }
}

void judge_access_log(configured& of) {
    if (!of.chosen.access_log_file.empty() && of.chosen.access_log == observe::access_format::off) {
        of.faults.push_back(
            {of.place_of("access_log.file"),
             told_as(of, "access_log.file") + " is given without a format",
             "add " + told_as(of, "access_log.format") + ", which is json or combined"});
    }
}

} // namespace

void judge(configured& of) {
    judge_head(of);
    judge_plugins(of);
    judge_access_log(of);
    judge_admin_token(of);
    judge_admin_listen(of);
}

} // namespace mortise::config
