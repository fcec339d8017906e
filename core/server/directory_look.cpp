// SPDX-License-Identifier: BSL-1.0
// Files, judged one by one and then among each other.
#include "server/directory_look.hpp"

#include "plugin/plugin_file.hpp"

#include <algorithm>
#include <utility>

namespace mortise::server {

using plugin::catalogue;

directory_look look_at(const std::filesystem::path& directory,
                       const std::function<bool(const catalogue::candidate&)>& is_preferred) {
    directory_look look;
    auto files = plugin::list_plugin_files(directory);
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
