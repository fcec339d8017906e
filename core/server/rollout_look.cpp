// SPDX-License-Identifier: BSL-1.0
// What has to change for what lies there: who arrives, whom each replaces, and who leaves.
#include "base/hash.hpp"
#include "config/settings.hpp"
#include "observe/log.hpp"
#include "server/directory_look.hpp"
#include "server/rollout.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mortise::server {

using observe::level;
using plugin::instance;

// Whether it was rolled back, and nobody has asked for it since.
bool rollout::is_rejected(const candidate& found) {
    const auto rejected = rejected_.find(found.note.id);
    if (rejected == rejected_.end()) {
        return false;
    }
    if (wishes_.front().why == occasion::seen && rejected->second == base::hash(found.bytes)) {
        return true;
    }
    rejected_.erase(rejected);
    return false;
}

// Plugins are told apart by their ids: under whatever name a file lies, it is the next generation
// of the plugin in it. A broken file leaves alone what came out of it before.
void rollout::look_at_directory() {
    auto looked = look_at(chosen(), [this](const candidate& each) {
        const auto* const serving = find_serving(each.note.id);
        return serving != nullptr && serving->file() == each.file; // the one that came first stays
    });
    const bool is_sound = looked.faults.empty();
    std::ranges::for_each(looked.faults, [this](auto& line) { fail(std::move(line)); });
    if (!looked.is_read) {
        return finish();
    }
    auto& found = looked.plugins;
    if (is_whole()) {
        look_for_unclaimed(found);
    }
    look_for_missing(looked.files, found);
    std::vector<std::vector<instance*>> replaced;
    for (const auto& each : found) {
        replaced.push_back(replaced_by(each, found));
    }
    for (std::size_t index = 0; index < found.size(); ++index) {
        auto* const serving = find_serving(found[index].note.id);
        if (serving != nullptr && is_rejected(found[index])) {
            continue;
        }
        if (serving == nullptr || !is_as_wanted(*serving, found[index])) {
            arriving_.push_back({std::move(found[index]), std::move(replaced[index])});
        } else {
            std::erase(replaced[index], serving);
            removed_.insert(removed_.end(), replaced[index].begin(), replaced[index].end());
        }
    }
    if (arriving_.empty() && removed_.empty() && is_sound && !is_whole()) {
        observe::log(level::info, "no plugin has changed");
    }
    try_next();
}

// A name that is wrong would leave its plugin without what is meant for it.
void rollout::look_for_unclaimed(std::span<const candidate> found) {
    const auto is_found = [&](const std::string& id) {
        return std::ranges::any_of(found, [&](const auto& each) { return each.note.id == id; });
    };
    for (const auto& id : unclaimed(chosen(), is_found)) {
        fail(unclaimed_line(id));
    }
}

// A file that vanishes unasked may be one that is being put there again.
void rollout::look_for_missing(std::span<const plugin::wanted> files,
                               std::span<const candidate> found) {
    for (auto* const serving : fleet_.serving()) {
        const bool is_found = std::ranges::any_of(
            found, [&](const auto& each) { return each.note.id == serving->id(); });
        const auto its = std::ranges::find(files, serving->file(), &plugin::wanted::file);
        const bool is_wanted = its != files.end() && (its->id.empty() || its->id == serving->id());
        if (is_found || is_wanted) {
            continue;
        }
        if (wishes_.front().why == occasion::asked) {
            removed_.push_back(serving);
            continue;
        }
        observe::log(level::warning,
                     "the file of a plugin is gone, which serves on: put it back, or send HUP to "
                     "take the plugin out of service",
                     {{"plugin", serving->id()}, {"file", serving->file().native()}});
    }
}

bool rollout::is_as_wanted(const instance& serving, const candidate& found) const {
    return serving.is_made_of(found.bytes) &&
           serving.is_configured_by(
               plugin::catalogue::values_for(found, chosen().plugin_configuration),
               plugin::limits_of(chosen().plugin_limits, serving.id()));
}

// The generation before it, and whatever other plugin lay in its file and lies in none any more.
std::vector<instance*> rollout::replaced_by(const candidate& next,
                                            std::span<const candidate> all) const {
    std::vector<instance*> replaced;
    for (auto* const serving : fleet_.serving()) {
        const bool is_displaced =
            serving->file() == next.file && std::ranges::none_of(all, [&](const auto& each) {
                return each.note.id == serving->id();
            });
        if (serving->id() == next.note.id || is_displaced) {
            replaced.push_back(serving);
        }
    }
    return replaced;
}

} // namespace mortise::server
