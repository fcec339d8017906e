// SPDX-License-Identifier: BSL-1.0
// Files and hosts of plugins by name.
#include "config/resolve.hpp"

#include "config/nearest.hpp"
#include "config/reader.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace mortise::config {

namespace {

namespace fs = std::filesystem;

void refuse(configured& to, const place& at, const std::string& what, const std::string& cure) {
    to.faults.push_back({at, what, cure});
}

void judge_hosts(configured& to) {
    std::map<std::string, std::string> owners;
    for (const auto& [name, section] : to.hosts) {
        const std::string full = "virtual_host." + name;
        if (section.names.empty() && !to.from.contains(full + ".names")) {
            refuse(to, to.place_of(full), full + " has no names",
                   "give it names = [\"example.org\"]");
        }
        for (const auto& each : section.names) {
            const auto [owner, is_new] = owners.emplace(each, name);
            if (!is_new) {
                refuse(to, to.place_of(full + ".names"),
                       full + " names " + each + ", as virtual_host." + owner->second + " does",
                       "name it in one of the two");
            }
        }
    }
}

void resolve_file(const std::string& id, const plugin_section& of, configured& to) {
    const std::string name = "plugin." + id + ".file";
    if (of.file.empty()) {
        if (!to.chosen.all_plugins && !to.from.contains(name)) {
            refuse(to, to.place_of("plugin." + id), "plugin." + id + " has no file",
                   "give it file = \"" + id + ".so\", or set plugins.all = true");
        }
        return;
    }
    const bool is_path = of.file.find('/') != of.file.npos;
    const auto at = to.place_of(name);
    if (!is_path && to.chosen.plugins.empty()) {
        return refuse(to, at, name + " is a name, and plugins.directory is not set",
                      "set it, or write the file's whole path");
    }
    const fs::path file = (is_path ? fs::path{at.file}.parent_path() : to.chosen.plugins) / of.file;
    for (const auto& [other, its] : to.chosen.plugin_files) {
        if (its == file) {
            refuse(to, at, name + " is that of plugin." + other + " too",
                   "a file holds one plugin; take one of the two out");
        }
    }
    to.chosen.plugin_files.emplace(id, file);
}

void resolve_hosts(const std::string& id, const plugin_section& of, configured& to) {
    placement place{of.mount, {}};
    std::vector<std::string> known;
    for (const auto& [name, section] : to.hosts) {
        known.push_back(name);
    }
    for (const auto& each : of.virtual_hosts) {
        const auto found = to.hosts.find(each);
        if (found == to.hosts.end()) {
            const std::string name = "plugin." + id + ".virtual_hosts";
            refuse(to, to.place_of(name), name + ": there is no virtual_host." + each,
                   advice(each, known));
            continue;
        }
        place.hosts.insert(place.hosts.end(), found->second.names.begin(),
                           found->second.names.end());
    }
    if (!place.mount.empty() || !place.hosts.empty()) {
        to.chosen.placements.emplace(id, std::move(place));
    }
}

} // namespace

void resolve(configured& to) {
    judge_hosts(to);
    for (const auto& [id, section] : to.plugins) {
        resolve_file(id, section, to);
        resolve_hosts(id, section, to);
    }
}

} // namespace mortise::config
