// SPDX-License-Identifier: BSL-1.0
// Keys of the tables that are there once for each plugin or virtual host.
#include "config/keys.hpp"
#include "http/authority.hpp"

namespace mortise::config {

namespace {

std::string judge_mount(const std::string& text) {
    const bool is_path = text.size() > 1 && text.starts_with('/') && !text.ends_with('/') &&
                         text.find("//") == text.npos && text.find_first_of("?#{}%") == text.npos;
    return is_path ? std::string{}
                   : "\"" + text +
                         "\" is no place for routes; write a path such as /shop, without "
                         "a slash at its end";
}

} // namespace

std::string judge_host(const std::string& name) {
    const std::string plain = name.starts_with("*.") ? name.substr(2) : name;
    const auto split = http::split_authority(plain);
    return split && split->host == plain && plain.find('*') == plain.npos
               ? std::string{}
               : "\"" + name + "\" is neither a name nor *.name, without a port";
}

std::span<const key<plugin_section>> plugin_keys() {
    static const auto made = [] {
        key_list<plugin_section> list;
        list.add_text({"file", "", "The plugin's file, which is loaded",
                       "A name is one of `plugins.directory`; a path stands for itself. Its plugin "
                       "must have the ID of the table. Left out where `plugins.all` finds it."},
                      "FILE", [](auto& of) -> auto& { return of.file; })
            .unset = "none";
        list.add_text(
                {"mount", "", "What stands before the plugin's patterns",
                 "With `/shop`, its route `/{item}` serves `/shop/tea`; the plugin is given "
                 "the target as the client wrote it."},
                "PATH", [](auto& of) -> auto& { return of.mount; }, judge_mount)
            .unset = "nothing";
        list.add_texts({"virtual_hosts", "", "The virtual hosts that the plugin serves",
                        "In the place of the hosts that its routes name."},
                       "NAME,...", [](auto& of) -> auto& { return of.virtual_hosts; })
            .unset = "every host";
        return std::move(list).take();
    }();
    return made;
}

std::span<const key<plugin::limits>> limit_keys() {
    static const auto made = [] {
        constexpr std::size_t most = UINT32_MAX;
        key_list<plugin::limits> list;
        list.add_number(
                {"requests", "", "Requests in flight on its routes that may wait",
                 "More are answered with 503."},
                [](auto& of) -> auto& { return of.requests; }, 1, most)
            .call_default("no limit");
        list.add_number(
                {"pool", "", "Pieces of blocking work, running or queued",
                 "More are refused, which an SDK's plugin answers with 503."},
                [](auto& of) -> auto& { return of.pool; }, 1, most)
            .call_default("no limit");
        list.add_time({"time", "", "From a request to the plugin's answer; then 504",
                       "On routes that may wait."},
                      [](auto& of) -> auto& { return of.time; })
            .call_default("deadlines.handler");
        list.add_size({"memory", "", "Memory of the heap that one request takes",
                       "For what the plugin keeps with it; more is refused, and the request "
                       "answered with 503."},
                      [](auto& of) -> auto& { return of.memory; })
            .call_default("no limit");
        list.add_number(
                {"log", "", "Lines that it writes in a second",
                 "More are left out, and a line says how many."},
                [](auto& of) -> auto& { return of.log; }, 1, most)
            .call_default("1000");
        return std::move(list).take();
    }();
    return made;
}

std::span<const key<virtual_host_section>> virtual_host_keys() {
    static const auto made = [] {
        key_list<virtual_host_section> list;
        list.add_texts(
                {"names", "", "The hosts that requests name",
                 "`shop.example.org`, or `*.example.org` for what stands before it; without "
                 "a port. An exact name comes before a wildcard, and that before routes for "
                 "every host."},
                "HOST,...", [](auto& of) -> auto& { return of.names; }, judge_host)
            .unset = "must be given";
        return std::move(list).take();
    }();
    return made;
}

} // namespace mortise::config
