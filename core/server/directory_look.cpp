// SPDX-License-Identifier: BSL-1.0
// Files, judged one by one and then among each other.
#include "server/directory_look.hpp"

#include "config/settings.hpp"
#include "plugin/plugin_file.hpp"

#include <algorithm>
#include <utility>

namespace mortise::server {

using plugin::catalogue;

plugin::loaded<std::vector<plugin::wanted>> files_of(const config::settings& chosen) {
    std::vector<plugin::wanted> all;
    if (chosen.all_plugins) {
        auto found = plugin::wanted_in(chosen.plugins);
        if (!found) {
            return std::move(found).error();
        }
        all = std::move(*found);
    }
    for (const auto& [id, file] : chosen.plugin_files) {
        if (auto bad = plugin::judge_folder(file.parent_path())) {
            return std::move(*bad);
        }
        const auto listed = std::ranges::find(all, file, &plugin::wanted::file);
        if (listed != all.end()) {
            listed->id = id;
        } else {
            all.push_back({file, id});
        }
    }
    return all;
}

std::set<std::string> unclaimed(const config::settings& chosen,
                                const std::function<bool(const std::string&)>& has_found) {
    std::set<std::string> ids;
    const auto note = [&](const auto& table) {
        for (const auto& [id, ignored] : table) {
            if (id != "*" && !chosen.plugin_files.contains(id) && !has_found(id)) {
                ids.insert(id);
            }
        }
    };
    note(chosen.plugin_configuration);
    note(chosen.placements);
    note(chosen.plugin_limits);
    return ids;
}

std::string unclaimed_line(const std::string& id) {
    return "there is no plugin \"" + id +
           "\", which the configuration names; add the plugin, or take its configuration out";
}

directory_look look_at(const config::settings& chosen,
                       const std::function<bool(const catalogue::candidate&)>& is_preferred) {
    directory_look look;
    auto files = files_of(chosen);
    if (!files) {
        look.faults.push_back(files.error().line());
        return look;
    }
    look.is_read = true;
    look.files = std::move(*files);
    for (const auto& file : look.files) {
        auto judged = catalogue::judge_file(file);
        if (!judged) {
            look.faults.push_back(judged.error().line());
            continue;
        }
        const auto twin = std::ranges::find_if(
            look.plugins, [&](const auto& each) { return each.note.id == judged->note.id; });
        if (twin == look.plugins.end()) {
            look.plugins.push_back(std::move(*judged));
            continue;
        }
        if (is_preferred(*judged)) {
            std::swap(*twin, *judged);
        }
        look.faults.push_back(catalogue::is_second(*judged, twin->file).line());
    }
    return look;
}

} // namespace mortise::server
