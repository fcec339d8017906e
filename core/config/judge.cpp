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
#include <vector>

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

// What is asked for where others listen, as the reader would call it.
struct asked_place {
    net::listen_address at;
    std::string text;
    std::string key;
};

std::vector<asked_place> asked_places(const configured& of) {
    std::vector<asked_place> all;
    const auto add = [&all](const std::string& text, const std::string& key) {
        if (auto at = net::listen_address::parse(text)) {
            all.push_back({std::move(*at), text, key});
        }
    };
    auto listeners = of.chosen.listeners;
    listeners.resize(std::max<std::size_t>(1, listeners.size())); // the one of the defaults
    for (std::size_t index = 0; index < listeners.size(); ++index) {
        add(listeners[index].address, "listener." + std::to_string(index + 1) + ".address");
    }
    add(of.chosen.admin_listen, "admin.listen");
    if (!of.chosen.control.empty()) {
        add("unix:" + of.chosen.control.string(), "admin.socket");
    }
    return all;
}

void judge_places(configured& of) {
    const auto all = asked_places(of);
    for (auto each = all.begin(); each != all.end(); ++each) {
        const auto twin = std::find_if(
            all.begin(), each, [&](const asked_place& one) { return net::meet(one.at, each->at); });
        const auto is_hidden = [&of](const asked_place& one) {
            const auto from = of.from.find(one.key);
            return from != of.from.end() && from->second.is_hidden;
        };
        if (twin != each && (is_hidden(*each) || is_hidden(*twin))) {
            of.faults.push_back({of.place_of(each->key),
                                 each->key + " is where " + twin->key + " listens already",
                                 "name it once"});
        } else if (twin != each) {
            of.faults.push_back(
                {of.place_of(each->key),
                 "\"" + each->text + "\" is listened to already" +
                     (twin->text == each->text ? std::string{} : ", as \"" + twin->text + "\""),
                 "name it once"});
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
    judge_places(of);
}

} // namespace mortise::config
