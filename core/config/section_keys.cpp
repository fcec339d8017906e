// SPDX-License-Identifier: BSL-1.0
// Keys of the tables that are there once for each plugin or virtual host.
#include "config/keys.hpp"
#include "http/authority.hpp"
#include "net/listen_address.hpp"

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

std::string read_address(net::listener_settings& to, std::span<const std::string> from) {
    auto judged = net::listen_address::parse(from.front());
    if (!judged) {
        return std::move(judged).error();
    }
    to.address = from.front();
    return {};
}

std::string show_address(const net::listener_settings& of) {
    return toml_text(of.address);
}

std::string read_mode(net::listener_settings& to, std::span<const std::string> from) {
    const std::string& text = from.front();
    if (text.size() != 4 || text.front() != '0' ||
        text.find_first_not_of("01234567") != text.npos) {
        return "\"" + text + "\" is no mode; write four octal digits such as 0660";
    }
    to.mode = static_cast<unsigned>(std::stoul(text, nullptr, 8));
    return {};
}

std::string show_mode(const net::listener_settings& of) {
    std::string digits = "0000";
    for (unsigned at = 0; at < 3; ++at) {
        digits[3 - at] = static_cast<char>('0' + ((of.mode >> (3 * at)) & 7U));
    }
    return toml_text(digits);
}

std::string read_trusted(net::listener_settings& to, std::span<const std::string> from) {
    to.trusted_proxies.clear();
    for (const std::string& each : from) {
        auto block = net::address_block::parse(each);
        if (!block) {
            return std::move(block).error();
        }
        to.trusted_proxies.push_back(*block);
    }
    return {};
}

std::string show_trusted(const net::listener_settings& of) {
    std::vector<std::string> texts;
    for (const auto& each : of.trusted_proxies) {
        texts.push_back(each.text());
    }
    return texts.empty() ? std::string{} : toml_text(texts);
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
        auto& hosts =
            list.add_texts({"virtual_hosts", "", "The virtual hosts that the plugin serves",
                            "In the place of the hosts that its routes name."},
                           "NAME,...", [](auto& of) -> auto& { return of.virtual_hosts; });
        hosts.unset = "every host";
        hosts.refuse_empty("name a virtual host, or leave the key out");
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
                 "More are answered with 503, and counted in "
                 "`mortise_plugin_requests_turned_away_total`."},
                [](auto& of) -> auto& { return of.requests; }, 1, most)
            .call_default("no limit");
        list.add_number(
                {"pool", "", "Pieces of blocking work, running or queued",
                 "More are refused, which an SDK's plugin answers with 503, and counted in "
                 "`mortise_plugin_pool_refused_total`."},
                [](auto& of) -> auto& { return of.pool; }, 1, most)
            .call_default("no limit");
        list.add_time({"time", "", "From a request to the plugin's answer; then 504",
                       "On routes that may wait. A 5xx of the route in "
                       "`http_server_request_duration_seconds`."},
                      [](auto& of) -> auto& { return of.time; })
            .call_default("deadlines.handler");
        list.add_size({"memory", "", "Memory of the heap that one request takes",
                       "For what the plugin keeps with it; more is refused, and the request "
                       "answered with 503, a 5xx of the route in "
                       "`http_server_request_duration_seconds`."},
                      [](auto& of) -> auto& { return of.memory; })
            .call_default("no limit");
        list.add_number(
                {"log", "", "Lines that it writes in a second",
                 "More are left out, which a line tells of; counted in "
                 "`mortise_plugin_log_lines_left_out_total`."},
                [](auto& of) -> auto& { return of.log; }, 1, most)
            .call_default("1000");
        return std::move(list).take();
    }();
    return made;
}

std::span<const key<net::listener_settings>> listener_keys() {
    using of_listener = net::listener_settings;
    static const auto made = [] {
        key_list<of_listener> list;
        list.add({"address", "--listen", "Where to listen",
                  "A TCP port, `localhost:8080`, `0.0.0.0:80` or `[::]:80`: a name is listened "
                  "to at all its addresses, and port 0 takes any free one, which the start "
                  "line tells. Or `unix:/path/file.sock`: a file that a host left behind is "
                  "replaced, the socket of one that runs is not. Or `systemd:NAME`, a socket "
                  "that the host was started with (`FileDescriptorName=` of its unit). What comes "
                  "at all of them is counted in `mortise_connections_accepted_total`."},
                 "ADDRESS", form::text, read_address, show_address);
        list.add({"mode", "", "Of a unix socket's file",
                  "Its group may connect, and nobody else, unless this says otherwise."},
                 "MODE", form::text, read_mode, show_mode);
        list.add_truth(
            {"proxy_protocol", "", "Connections begin with the PROXY protocol's header",
             "Version 1 or 2, as HAProxy and load balancers send it; it tells who the "
             "client is. A connection without it is closed, which is logged: where it is "
             "asked for, it is required."},
            [](auto& of) -> auto& { return of.proxy_protocol; });
        list.add({"trusted_proxies", "", "Whose word is taken on who their clients are",
                  "Addresses or blocks, `\"10.0.0.0/8\"`, `\"::1\"`, or `\"unix\"` for peers on a "
                  "unix socket. Of these alone, `Forwarded` or `X-Forwarded-For` is believed, from "
                  "the right over all that are trusted, and `X-Request-Id`."},
                 "BLOCK,...", form::texts, read_trusted, show_trusted)
            .unset = "nobody's";
        return std::move(list).take();
    }();
    return made;
}

std::span<const key<virtual_host_section>> virtual_host_keys() {
    static const auto made = [] {
        key_list<virtual_host_section> list;
        auto& names = list.add_texts(
            {"names", "", "The hosts that requests name",
             "`shop.example.org`, or `*.example.org` for what stands before it; without "
             "a port. An exact name comes before a wildcard, and that before routes for "
             "every host."},
            "HOST,...", [](auto& of) -> auto& { return of.names; }, judge_host);
        names.unset = "must be given";
        names.refuse_empty("write a list such as [\"example.org\"]");
        return std::move(list).take();
    }();
    return made;
}

} // namespace mortise::config
