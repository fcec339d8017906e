// SPDX-License-Identifier: BSL-1.0
// Each file is judged alone, and only then among the others.
#include "plugin/catalogue.hpp"

#include "plugin/compatibility.hpp"
#include "plugin/plugin_file.hpp"

#include <algorithm>
#include <utility>

namespace mortise::plugin {
namespace fs = std::filesystem;

loaded<std::vector<wanted>> wanted_in(const fs::path& directory) {
    const auto files = list_plugin_files(directory);
    if (!files) {
        return files.error();
    }
    std::vector<wanted> all;
    for (const fs::path& file : *files) {
        all.push_back({file, {}});
    }
    return all;
}

loaded<catalogue::candidate> catalogue::judge_file(const fs::path& file) {
    auto bytes = read_plugin_file(file);
    if (!bytes) {
        return std::move(bytes).error();
    }
    auto note = read_identity(*bytes);
    if (!note) {
        return load_error{file, std::move(note).error()};
    }
    if (auto bad = judge_compatibility(note->abi_version, MORTISE_ABI_VERSION)) {
        return load_error{file, std::move(*bad)};
    }
    return candidate{file, std::move(*bytes), std::move(*note)};
}

loaded<catalogue::candidate> catalogue::judge_file(const wanted& asked) {
    auto judged = judge_file(asked.file);
    if (judged && !asked.id.empty() && judged->note.id != asked.id) {
        return load_error{asked.file,
                          {"holds the plugin \"" + judged->note.id + "\", not \"" + asked.id + "\"",
                           "name it by its own id, or name another file"}};
    }
    return judged;
}

loaded<catalogue::candidate> catalogue::candidate_of(const instance& from) {
    auto bytes = read_plugin_file(from.mapped_path());
    if (!bytes) {
        return std::move(bytes).error();
    }
    return candidate{from.file(), std::move(*bytes), from.note()};
}

load_error catalogue::is_second(const candidate& found, const fs::path& first) {
    return {found.file,
            {"has the id \"" + found.note.id + "\" of " + first.string(), "remove one of the two"}};
}

loaded<std::unique_ptr<instance>>
catalogue::load(const candidate& found, const std::map<std::string, configuration>& configurations,
                const surroundings& around) {
    return instance::load(found.file, found.note, found.bytes, values_for(found, configurations),
                          around);
}

configuration catalogue::values_for(const candidate& found,
                                    const std::map<std::string, configuration>& configurations) {
    const auto values = configurations.find(found.note.id);
    return values == configurations.end() ? configuration{} : values->second;
}

catalogue catalogue::load(std::span<const wanted> asked,
                          const std::map<std::string, configuration>& configurations,
                          const surroundings& around, const trial& try_first) {
    catalogue made;
    for (const wanted& each : asked) {
        made.add(each, around, configurations, try_first);
    }
    return made;
}

void catalogue::add(const wanted& asked, const surroundings& around,
                    const std::map<std::string, configuration>& configurations,
                    const trial& try_first) {
    auto judged_file = judge_file(asked);
    if (!judged_file) {
        errors_.push_back(std::move(judged_file).error());
        return;
    }
    const std::string& id = judged_file->note.id;
    found_.insert(id);
    const auto first = std::ranges::find(
        instances_, id, [](const auto& each) -> const auto& { return each->id(); });
    if (first != instances_.end()) {
        errors_.push_back(is_second(*judged_file, (*first)->file()));
        return;
    }
    if (auto bad = try_first(*judged_file)) {
        errors_.push_back(std::move(*bad));
        return;
    }
    auto made = load(*judged_file, configurations, around);
    if (!made) {
        errors_.push_back(std::move(made).error());
        return;
    }
    instances_.push_back(std::move(*made));
}

instance& catalogue::adopt(std::unique_ptr<instance> joining) {
    instances_.push_back(std::move(joining));
    return *instances_.back();
}

bool catalogue::release(const instance& leaving) {
    const auto found = std::ranges::find(instances_, &leaving, &std::unique_ptr<instance>::get);
    const bool is_gone = (*found)->take_down();
    instances_.erase(found);
    return is_gone;
}

void catalogue::drop(const instance& bad, load_error why) {
    errors_.push_back(std::move(why));
    release(bad);
}

} // namespace mortise::plugin
