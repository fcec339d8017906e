// SPDX-License-Identifier: BSL-1.0
// The table of keys. What stands here is what an operator reads in --help and in the reference.
#include "config/keys.hpp"

#include "base/scan.hpp"
#include "net/loopback.hpp"
#include "net/socket_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mortise::config {

namespace {

using observe::access_format;
using observe::level;
using observe::log_format;
using list = key_list<settings>;

std::string judge_field_value(const std::string& text) {
    return base::is_field_value(text)
               ? std::string{}
               : "\"" + text + "\" holds a control character; write visible characters and spaces";
}

void add_server(list& to) {
    to.add_number(
          {"server.workers", "--workers", "Event loops, with a thread each",
           "A loop serves its connections alone. More loops than cores only wait for one "
           "another. How busy each is shows in `mortise_loop_busy_seconds_total`."},
          [](auto& of) -> auto& { return of.workers; }, 1, 256)
        .call_default("one for each core");
    to.add_number(
        {"server.pool_threads", "--pool-threads", "Threads for the blocking work of plugins",
         "All loops and plugins share them (`mortise::offload`, blocking routes)."},
        [](auto& of) -> auto& { return of.pool_threads; }, 1, 1024);
    to.add_number(
        {"server.pool_queue", "--pool-queue",
         "Pieces of blocking work that wait for a thread; more are refused",
         "With more, the plugin is refused at once; its client gets a 503 unless the "
         "plugin does something else. Counted in `mortise_plugin_pool_refused_total`."},
        [](auto& of) -> auto& { return of.pool_queue; }, 1, 1'000'000);
    to.add_text(
          {"server.server_field", "--server-field", "The Server field of every answer",
           "Nobody needs it to talk HTTP, and it tells strangers what runs here."},
          "TEXT", [](auto& of) -> auto& { return of.server_field; }, judge_field_value)
        .unset = "none";
    to.add_truth({"server.timing", "--server-timing",
                  "A Server-Timing field with the time that each handler took",
                  "`Server-Timing: handler;dur=1.234` are the milliseconds from the request's head "
                  "to the answer, or to its beginning where it comes in pieces. Answers in the "
                  "place of a handler that is late have none. Browsers show it; so it is told to "
                  "everybody."},
                 [](auto& of) -> auto& { return of.server_timing; });
    to.add_path({"server.state", "--state", "The directory for what outlasts the process",
                 "The file `crashes` there has a line for each crash of a plugin, which the next "
                 "start reads; without it a crash is forgotten."},
                "DIR", [](auto& of) -> auto& { return of.state; })
        .unset = "nowhere";
    to.add_truth({"server.check_plugins", "--check-plugins",
                  "End with a core dump where a plugin breaks a rule of the border",
                  "For who writes a plugin: a line names plugin, function and thread, and the "
                  "call stands on the dump's stack. Without, the call is refused, the line is "
                  "written, and the host serves on ([the border](abi.md#breaches))."},
                 [](auto& of) -> auto& { return of.check_plugins; });
}

void add_limits(list& to) {
    to.add_number(
        {"limits.connections", "--max-connections",
         "Connections open at once, over all loops; more wait",
         "Each takes memory and a descriptor. Shared evenly among the loops; more wait "
         "in the kernel until one is closed. `http_server_open_connections` shows them."},
        [](auto& of) -> auto& { return of.max_connections; }, 1, 10'000'000);
    to.add_size({"limits.target_size", "--max-target-size", "The request target; more: 414",
                 "Together with `limits.header_size` at most 48 KiB, because a head must fit into "
                 "a loop's input buffer. Counted in `mortise_requests_refused_total`."},
                [](auto& of) -> auto& { return of.limits.target_size; });
    to.add_size({"limits.header_size", "--max-header-size",
                 "The header section, line ends included; more: 431",
                 "The connection ends with that answer. Counted in "
                 "`mortise_requests_refused_total`."},
                [](auto& of) -> auto& { return of.limits.header_size; });
    to.add_number(
        {"limits.fields", "--max-fields", "Field lines of the header section; more: 431",
         "The connection ends with that answer. Counted in `mortise_requests_refused_total`."},
        [](auto& of) -> auto& { return of.limits.field_count; }, 1, 1000);
    to.add_size({"limits.content_size", "--max-content-size",
                 "A request's content, unless its route says otherwise; more: 413",
                 "Told at once where Content-Length tells. Judged when content is read: on a route "
                 "that never asks for it, up to 64 KiB are read past, and with more to come the "
                 "connection ends with its answer. In `http_server_request_duration_seconds` it is "
                 "a 4xx of the route."},
                [](auto& of) -> auto& { return of.limits.content_size; });
    to.add_size({"limits.chunk_extension_size", "--max-chunk-extension-size",
                 "The extensions of one chunk, which are ignored; more: 400",
                 "The connection ends with that answer, a 4xx of the route in "
                 "`http_server_request_duration_seconds`."},
                [](auto& of) -> auto& { return of.limits.chunk_extension_size; });
    to.add_size({"limits.trailer_size", "--max-trailer-size",
                 "The trailer section, which is dropped; more: 431",
                 "The connection ends with that answer, a 4xx of the route in "
                 "`http_server_request_duration_seconds`."},
                [](auto& of) -> auto& { return of.limits.trailer_size; });
}

void add_deadlines(list& to) {
    to.add_time({"deadlines.header", "--header-timeout",
                 "From a request's first byte to the end of its header section; then 408",
                 "Further bytes do not extend it: a client that sends one at a time ends too. On a "
                 "new connection it begins with the connection, and where nothing came, that is "
                 "closed in silence. A 408 is counted in `mortise_requests_refused_total`."},
                [](auto& of) -> auto& { return of.deadlines.header; });
    to.add_time({"deadlines.content", "--content-timeout",
                 "Between two pieces of content; then 408",
                 "The connection ends with that answer, a 4xx of the route in "
                 "`http_server_request_duration_seconds`."},
                [](auto& of) -> auto& { return of.deadlines.content; });
    to.add_time({"deadlines.handler", "--handler-timeout",
                 "From a request's head to its handler's answer; then 504",
                 "What the handler answers later goes nowhere. `limits.time` of a plugin stands in "
                 "its place. A 5xx of the route in `http_server_request_duration_seconds`."},
                [](auto& of) -> auto& { return of.deadlines.handler; });
    to.add_time({"deadlines.write", "--write-timeout",
                 "A client that takes no byte of its answer; then closed",
                 "What it has not taken is held in memory until then. A response in pieces that "
                 "it breaks off is `aborted` in `http_server_request_duration_seconds`."},
                [](auto& of) -> auto& { return of.deadlines.write; });
    to.add_time({"deadlines.keep_alive", "--keep-alive-timeout",
                 "Between two requests of a connection; then closed",
                 "In silence. Behind a proxy that keeps connections, longer than the proxy's. "
                 "`http_server_open_connections` shows what is kept."},
                [](auto& of) -> auto& { return of.deadlines.keep_alive; });
    to.add_time({"shutdown.delay", "--drain-delay",
                 "From being told to stop to closing the listeners and what is idle",
                 "`/readyz` says 503 at once, and each answer says `Connection: close`, so that a "
                 "balancer looks elsewhere before anything is refused: some of its health checks "
                 "long ([operations](operations.md#behind-a-balancer))."},
                [](auto& of) -> auto& { return of.drain_delay; })
        .call_default("none");
    to.add_time(
        {"shutdown.timeout", "--drain-timeout",
         "For what is in flight when the host is told to stop; then cut off",
         "Also for the requests of a plugin that is replaced. `http_server_active_requests` "
         "shows what is in flight; in the last state of `metrics.file`, what was cut off."},
        [](auto& of) -> auto& { return of.drain; });
}

void add_log(list& to) {
    to.add_choice<>(
        {"log.level", "--log-level", "The least severe lines that are logged",
         "The log goes to standard error."},
        [](auto& of) -> auto& { return of.log_level; },
        std::vector<std::pair<std::string, level>>{{"debug", level::debug},
                                                   {"info", level::info},
                                                   {"warning", level::warning},
                                                   {"error", level::error}});
    to.add_choice<>(
        {"log.format", "--log-format", "How these lines are written",
         "As text for people, or each as an object of JSON ([the log](operations.md#the-log))."},
        [](auto& of) -> auto& { return of.log_format; },
        std::vector<std::pair<std::string, log_format>>{{"text", log_format::text},
                                                        {"json", log_format::json}});
}

void add_access_log(list& to) {
    to.add_choice<>(
        {"access_log.format", "--access-log", "A line for each request",
         "Written by a thread of its own: requests never wait for it, and lines that its reader is "
         "too slow for are counted in `mortise_access_log_dropped_total` "
         "([formats](operations.md#access-log))."},
        [](auto& of) -> auto& { return of.access_log; },
        std::vector<std::pair<std::string, access_format>>{{"off", access_format::off},
                                                           {"combined", access_format::combined},
                                                           {"json", access_format::json}});
    to.add_path({"access_log.file", "--access-log-file",
                 "The file that these lines are appended to",
                 "Made with mode 0640. USR1 has it opened anew, so that it can be moved away "
                 "without losing a line. A line that it ends within, as after a kill, is ended "
                 "first, and a warning says so."},
                "FILE", [](auto& of) -> auto& { return of.access_log_file; })
        .unset = "standard output";
    to.add_number(
        {"access_log.sample", "--access-log-sample",
         "One of so many requests of a loop has a line, and each with 5xx",
         "For hosts that answer more than anybody reads."},
        [](auto& of) -> auto& { return of.access_log_sample; }, 1, 1'000'000);
}

void add_metrics(list& to) {
    to.add_truth({"metrics.requests", "--no-metrics", "Requests and connections are counted",
                  "By the route that served them, whatever clients send "
                  "([metrics](operations.md#metrics)). Without, some hundred nanoseconds a request "
                  "are saved."},
                 [](auto& of) -> auto& { return of.metrics; });
    to.add_path({"metrics.file", "--metrics-file", "Where metrics are written every ten seconds",
                 "And at the end. The file is replaced as a whole; node_exporter's textfile "
                 "collector reads it. The same is told at `/metrics` by "
                 "[administration](admin.md)."},
                "FILE", [](auto& of) -> auto& { return of.metrics_file; })
        .unset = "nowhere";
}

void add_admin(list& to) {
    to.add_path(
          {"admin.socket", "--control", "The unix socket for who operates the host",
           "`mortise plugin`, `mortise status` and `mortise reload` ask it "
           "([administration](admin.md)). Of mode 0660: who may open it may command the host."},
          "FILE", [](auto& of) -> auto& { return of.control; }, net::judge_socket_path)
        .unset = "none";
    to.add_text(
          {"admin.listen", "--admin-listen",
           "An address of loopback where the same is asked by TCP",
           "`127.0.0.1:9090` or `[::1]:9090`; port 0 takes any free one, which the log tells. "
           "No other address is taken, since nothing is encrypted there."},
          "ADDRESS:PORT", [](auto& of) -> auto& { return of.admin_listen; },
          [](const std::string& text) {
              const auto at = net::parse_loopback(text);
              return at ? std::string{} : at.error();
          })
        .unset = "none";
    to.add_path(
          {"admin.token_file", "--admin-token-file", "The token that is asked for there",
           "In one line of at least 16 characters; the file is open to its owner and group "
           "alone. Without one, TCP answers `/healthz` and `/readyz` alone. A reload reads it "
           "again, and another token holds at once. With systemd, "
           "`${CREDENTIALS_DIRECTORY}/admin-token`."},
          "FILE", [](auto& of) -> auto& { return of.admin_token_file; })
        .unset = "none";
}

void add_plugins(list& to) {
    to.add_path(
          {"plugins.directory", "--plugins", "The directory where plugins lie",
           "It and each file in it must belong to root or to the user that runs the host, and "
           "nobody else may write to them: who can write there decides what code runs here. "
           "As an option, each `*.so` there is loaded, in the order of their names."},
          "DIR", [](auto& of) -> auto& { return of.plugins; })
        .unset = "none";
    to.add_truth({"plugins.all", "", "Each `*.so` of the directory is loaded",
                  "Otherwise the plugins that a table `[plugin.ID]` gives a file."},
                 [](auto& of) -> auto& { return of.all_plugins; });
    to.add_texts(
          {"plugins.filters", "--filters",
           "The plugins' filters that run, in the order that requests pass them",
           "By the names that plugins give them ([the border](abi.md#filters)); answers pass "
           "them the other way. One that no plugin gives is a fault: a filter may be what "
           "keeps strangers out."},
          "NAME,...", [](auto& of) -> auto& { return of.filters; })
        .unset = "none";
    to.add_truth({"plugins.watch", "--no-watch",
                  "Changes of the directory come into service by themselves",
                  "Otherwise by HUP or `mortise plugin reload` alone ([plugins](plugins.md))."},
                 [](auto& of) -> auto& { return of.watch_plugins; });
}

void add_containment(list& to) {
    to.add_truth({"plugins.probe", "--no-probe",
                  "A plugin is tried in a process of its own before it is loaded",
                  "Off for those that must not be created twice at a time, because they lock a "
                  "file, say."},
                 [](auto& of) -> auto& { return of.probe_plugins; });
    to.add_time({"plugins.probe_timeout", "--probe-timeout",
                 "For that trial; a plugin that takes longer is refused",
                 "The log says so, and the command that asked; what it was to replace serves on."},
                [](auto& of) -> auto& { return of.probe_timeout; });
    to.add_time({"plugins.stall_timeout", "--stall-timeout",
                 "For a call of a plugin on its loop; longer is a fault, logged with its stack",
                 "Everybody on that loop waits meanwhile. Counted in "
                 "`mortise_plugin_faults_total`; `mortise_plugin_loop_seconds_total` shows who has "
                 "the loops how long."},
                [](auto& of) -> auto& { return of.stall; });
    to.add_time({"plugins.call_timeout", "--call-timeout",
                 "For such a call to return; then its loop leaves it, where it can",
                 "The request is answered with 504, the plugin is in quarantine, and the loop "
                 "serves all others again ([plugins](plugins.md#containment))."},
                [](auto& of) -> auto& { return of.call; });
    to.add_number(
        {"plugins.quarantine_faults", "--quarantine-faults",
         "Faults that bring a plugin into quarantine: its requests get 503; 0: none",
         "They are counted in `mortise_plugin_faults_total`, and such requests in "
         "`mortise_plugin_requests_turned_away_total`."},
        [](auto& of) -> auto& { return of.quarantine_faults; }, 0, 1'000'000'000);
    to.add_time({"plugins.quarantine_window", "--quarantine-window", "The time for these", ""},
                [](auto& of) -> auto& { return of.quarantine_window; });
    to.add_number(
        {"plugins.quarantine_crashes", "--quarantine-crashes",
         "Crashes after which a plugin starts in quarantine; 0: none",
         "As long as its file is the same. They are remembered in `server.state`."},
        [](auto& of) -> auto& { return of.quarantine_crashes; }, 0, 1'000'000);
    to.add_time({"plugins.crash_window", "--crash-window", "The time for these", ""},
                [](auto& of) -> auto& { return of.crash_window; });
}

// What a host that serves cannot take on by a reload.
constexpr std::array<std::string_view, 15> fixed_keys{
    "server.workers",       "server.pool_threads",  "server.pool_queue", "server.state",
    "server.check_plugins", "admin.socket",         "plugins.watch",     "plugins.stall_timeout",
    "plugins.call_timeout", "plugins.crash_window", "access_log.format", "admin.listen",
    "access_log.file",      "access_log.sample",    "metrics.requests"};

std::vector<key<settings>> make_keys() {
    list made;
    add_server(made);
    add_limits(made);
    add_deadlines(made);
    add_log(made);
    add_access_log(made);
    add_metrics(made);
    add_admin(made);
    add_plugins(made);
    add_containment(made);
    auto all = std::move(made).take();
    for (auto& each : all) {
        each.is_fixed = std::ranges::find(fixed_keys, each.name) != fixed_keys.end();
    }
    return all;
}

} // namespace

std::span<const key<settings>> keys() {
    static const std::vector<key<settings>> made = make_keys();
    return made;
}

std::span<const table_text> tables() {
    static const std::array<table_text, 9> made{{
        {"server", "The process."},
        {"limits",
         "What a client may take. Sizes are judged as bytes arrive, not when a message is "
         "complete."},
        {"deadlines", "How long a client or a handler may take."},
        {"shutdown", "The end of the host."},
        {"log", "What the host says of itself."},
        {"access_log", "What it says of requests."},
        {"metrics", "Numbers for those who watch."},
        {"admin", "How the host is operated while it runs."},
        {"plugins", "All plugins. What the deadlines and the quarantine are for is told in "
                    "[plugins](plugins.md#containment)."},
    }};
    return made;
}

} // namespace mortise::config
