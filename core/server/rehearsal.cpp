// SPDX-License-Identifier: BSL-1.0
// A start up to the point where loops would be entered.
#include "server/rehearsal.hpp"

#include "config/settings.hpp"
#include "observe/access_file.hpp"
#include "server/directory_look.hpp"
#include "server/fleet.hpp"
#include "server/prober.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

namespace mortise::server {

namespace {

// What plugins and the host say while they are configured.
class listening_reporter final : public plugin::reporter {
public:
    void report(plugin::severity level, std::string_view id, std::string_view text,
                std::span<const http::field> /*fields*/) noexcept override {
        if (level < plugin::severity::warning) {
            return;
        }
        const std::lock_guard lock{mutex_};
        heard_.push_back({"plugin." + std::string{id}, std::string{id}, std::string{text}});
    }
    bool is_on(plugin::severity level) const noexcept override {
        return level >= plugin::severity::warning;
    }
    std::vector<finding> take() { return std::exchange(heard_, {}); }

private:
    std::mutex mutex_;
    std::vector<finding> heard_;
};

// Where the configuration speaks of a file.
std::string about(std::span<const plugin::wanted> files, const plugin::load_error& error) {
    const auto found = std::ranges::find(files, error.file, &plugin::wanted::file);
    return found != files.end() && !found->id.empty() ? "plugin." + found->id : "plugins.directory";
}

std::optional<plugin::load_error> try_one(const plugin::catalogue::candidate& found,
                                          const config::settings& chosen) {
    std::optional<plugin::load_error> bad;
    boost::asio::io_context control;
    prober prober{control, chosen.probe_timeout};
    prober.probe(found, plugin::catalogue::values_for(found, chosen.plugin_configuration),
                 [&](auto verdict) { bad = std::move(verdict); });
    control.run();
    return bad;
}

void judge_access_log(const config::settings& chosen, std::vector<finding>& to) {
    using observe::access_file;
    const auto fault = chosen.access_log_file.empty()
                           ? std::string{}
                           : access_file::judge(chosen.access_log_file.native());
    if (!fault.empty()) {
        to.push_back({"access_log.file", {}, fault + "; " + std::string{access_file::cure}});
    }
}

} // namespace

std::vector<finding> rehearse(const config::settings& chosen) {
    const auto files = files_of(chosen);
    if (!files) {
        return {{"plugins.directory", {}, files.error().line()}};
    }
    listening_reporter reports;
    auto loaded = plugin::catalogue::load(
        *files, chosen.plugin_configuration,
        {.loops = 1, .reports = reports, .limits = &chosen.plugin_limits}, [&](const auto& found) {
            return chosen.probe_plugins ? try_one(found, chosen) : std::nullopt;
        });
    std::vector<finding> all;
    for (const auto& error : loaded.errors()) {
        all.push_back({about(*files, error), {}, error.line()});
    }
    for (const auto& id :
         unclaimed(chosen, [&](const auto& each) { return loaded.has_found(each); })) {
        all.push_back({"plugin." + id, {}, unclaimed_line(id)});
    }
    std::vector<plugin::instance*> serving;
    for (const auto& each : loaded.instances()) {
        serving.push_back(each.get());
    }
    const composition by{chosen};
    if (const auto made = snapshot::compile(serving, by); !made) {
        all.push_back({about(*files, made.error()), {}, made.error().line()});
    }
    if (const auto missing = missing_filter(serving, by); missing && all.empty()) {
        all.push_back({"plugins.filters",
                       {},
                       "no plugin has the filter \"" + *missing +
                           "\", which plugins.filters names; mend its plugin or take the name "
                           "out"});
    }
    judge_access_log(chosen, all);
    std::ranges::move(reports.take(), std::back_inserter(all));
    return all;
}

} // namespace mortise::server
