// SPDX-License-Identifier: BSL-1.0
// Files, then the command line, then what their tables mean.
#include "config/reader.hpp"

#include "config/judge.hpp"
#include "config/keys.hpp"
#include "config/nearest.hpp"
#include "config/resolve.hpp"
#include "config/section_reader.hpp"
#include "net/listen_address.hpp"
#include "plugin/identity.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

namespace mortise::config {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view plugin_table = "plugin";
constexpr std::string_view host_table = "virtual_host";
constexpr std::string_view listener_table = "listener";
constexpr std::string_view limits_of_all = "plugins.limits";

// "plugin.greeting.config.salutation" cut at its dots, the last piece with all that is left.
std::vector<std::string> pieces_of(const std::string& name, std::size_t most) {
    std::vector<std::string> pieces;
    std::size_t at = 0;
    while (pieces.size() + 1 < most && name.find('.', at) != name.npos) {
        const auto dot = name.find('.', at);
        pieces.push_back(name.substr(at, dot - at));
        at = dot + 1;
    }
    pieces.push_back(name.substr(at));
    return pieces;
}

class reader {
public:
    configured read(const source& from);

private:
    void read_file(const fs::path& file, bool has_plugins_alone);
    void read_folder(const fs::path& folder, bool has_plugins_alone);
    bool is_broken_link(const fs::path& path);
    void read_root(const node& root, bool has_plugins_alone);
    void read_settings(const member& table);
    void read_named(const member& table,
                    const std::function<void(const member&, const std::string& name)>& read_one);
    void read_plugin(const member& from, const std::string& name);
    void read_plugin_values(const node& from, const std::string& id, const std::string& key);
    void read_virtual_host(const member& from, const std::string& name);
    void read_listeners(const member& from);
    void assign(const assignment& from);
    void assign_listener(const assignment& from);

    std::vector<std::string> files_; // in the order in which they are read
    bool has_listener_flags_ = false;
    configured made_;
    section_reader values_{made_};
};

// A key that stands in another table than it belongs to.
const key<settings>* find_elsewhere(const std::string& name) {
    const auto found = std::ranges::find_if(
        keys(), [&](const auto& each) { return each.name.ends_with("." + name); });
    return found != keys().end() ? &*found : nullptr;
}

std::vector<std::string> root_names() {
    std::set<std::string> names{std::string{plugin_table}, std::string{host_table},
                                std::string{listener_table}};
    for (const auto& each : keys()) {
        names.insert(each.name.substr(0, each.name.find('.')));
    }
    return {names.begin(), names.end()};
}

configured reader::read(const source& from) {
    if (!from.file.empty()) {
        made_.main = from.file.string();
        read_file(from.file, false);
        read_folder(from.file.parent_path() / "conf.d", false);
        read_folder(from.file.parent_path() / "plugins.d", true);
    }
    for (const auto& each : from.flags) {
        assign(each);
    }
    resolve(made_);
    judge(made_);
    std::ranges::stable_sort(made_.faults, {}, [this](const fault& each) {
        const auto file = std::ranges::find(files_, each.at.file);
        return std::tuple{file - files_.begin(), each.at.line, each.at.column};
    });
    return std::move(made_);
}

void reader::read_file(const fs::path& file, bool has_plugins_alone) {
    files_.push_back(file.string());
    const auto root = read_document(file);
    if (root) {
        read_root(*root, has_plugins_alone);
    } else {
        made_.faults.push_back(root.error());
    }
}

void reader::read_folder(const fs::path& folder, bool has_plugins_alone) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(folder, error)) || is_broken_link(folder)) {
        return;
    }
    std::vector<fs::path> files;
    for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
        const bool is_hidden = at->path().filename().native().starts_with('.'); // an editor's
        if (at->path().extension() == ".toml" && !is_hidden) {
            files.push_back(at->path());
        }
    }
    if (error) {
        values_.refuse({folder.string()}, "cannot be read: " + error.message(),
                       "let the host's user read it");
    }
    std::ranges::sort(files);
    for (const auto& each : files) {
        if (is_broken_link(each)) {
            continue;
        }
        const auto there = fs::status(each, error);
        if (fs::is_fifo(there) || fs::is_socket(there)) { // which might be waited for
            values_.refuse({each.string()}, "is no file", "take it out");
            continue;
        }
        read_file(each, has_plugins_alone);
    }
}

// Whether `path` leads to nothing, which is a fault: somebody wanted something to be read.
bool reader::is_broken_link(const fs::path& path) {
    std::error_code error;
    if (!fs::is_symlink(path, error) ||
        fs::status(path, error).type() != fs::file_type::not_found) {
        return false;
    }
    values_.refuse({path.string()},
                   "is a link to " + fs::read_symlink(path, error).string() +
                       ", which is not there",
                   "mend the link or remove it");
    return true;
}

void reader::read_root(const node& root, bool has_plugins_alone) {
    for (const auto& each : root.members) {
        if (each.name == plugin_table) {
            read_named(each, [this](const member& from, const std::string& name) {
                read_plugin(from, name);
            });
        } else if (has_plugins_alone) {
            values_.refuse(each.at, each.name + " is not for plugins.d",
                           "its files hold tables [plugin.ID] alone; put it into conf.d");
        } else if (each.name == host_table) {
            read_named(each, [this](const member& from, const std::string& name) {
                read_virtual_host(from, name);
            });
        } else if (each.name == listener_table) {
            read_listeners(each);
        } else {
            read_settings(each);
        }
    }
}

void reader::read_settings(const member& table) {
    std::vector<std::string> known;
    for (const auto& each : keys()) {
        if (each.name.starts_with(table.name + ".")) {
            known.push_back(each.name.substr(table.name.size() + 1));
        }
    }
    if (known.empty()) {
        if (const auto* const meant = find_elsewhere(table.name)) {
            return values_.refuse(table.at, table.name + " is no table",
                                  "did you mean " + meant->name + "?");
        }
        const auto names = root_names();
        return values_.refuse(table.at, table.name + " is no table", advice(table.name, names));
    }
    if (!values_.is_table(table, table.name)) {
        return;
    }
    const bool has_limits = table.name == "plugins";
    if (has_limits) {
        known.emplace_back("limits");
    }
    for (const auto& each : table.value.members) {
        const std::string name = table.name + "." + each.name;
        const auto found = std::ranges::find(keys(), name, &key<settings>::name);
        if (found != keys().end()) {
            values_.read_value(each, *found, name, made_.chosen);
        } else if (has_limits && name == limits_of_all) {
            if (values_.is_table(each, name)) {
                values_.read_table(each.value, limit_keys(), name, made_.chosen.plugin_limits["*"]);
            }
        } else if (const auto* const meant = find_elsewhere(each.name)) {
            values_.refuse(each.at, name + " is no key", "did you mean " + meant->name + "?");
        } else {
            values_.refuse_unknown(each, name, known);
        }
    }
}

void reader::read_named(
    const member& table,
    const std::function<void(const member&, const std::string& name)>& read_one) {
    if (!values_.is_table(table, table.name + ".NAME")) {
        return;
    }
    for (const auto& each : table.value.members) {
        const std::string name = table.name + "." + each.name;
        if (!plugin::is_plugin_id(each.name)) {
            values_.refuse(each.at, "\"" + each.name + "\" is no name for a " + table.name,
                           "it is of small letters, digits and -, and begins with a letter");
        } else if (values_.is_table(each, name)) {
            read_one(each, name);
        }
    }
}

void reader::read_plugin(const member& from, const std::string& name) {
    const std::string& id = from.name;
    static const std::array<std::string, 2> tables{"config", "limits"};
    made_.from.emplace(name, origin{from.at, {}, false, false});
    values_.read_table(from.value, plugin_keys(), name, made_.plugins[id], tables);
    for (const auto& each : from.value.members) {
        if (each.name == "config" && values_.is_table(each, name + ".config")) {
            read_plugin_values(each.value, id, {});
        } else if (each.name == "limits" && values_.is_table(each, name + ".limits")) {
            values_.read_table(each.value, limit_keys(), name + ".limits",
                               made_.chosen.plugin_limits[id]);
        }
    }
}

// Tables in it are names with dots: the plugin reads "database.host".
void reader::read_plugin_values(const node& from, const std::string& id, const std::string& key) {
    static constexpr std::array any{form::text, form::whole, form::truth};
    for (const auto& each : from.members) {
        const std::string own = key.empty() ? each.name : key + "." + each.name;
        const std::string name = "plugin." + id + ".config." + own;
        if (each.value.is == node::kind::table) {
            read_plugin_values(each.value, id, own);
            continue;
        }
        node value = each.value;
        if (value.is == node::kind::real || value.is == node::kind::moment) {
            value.is = node::kind::whole; // is handed over as text, too
        }
        const auto texts = values_.texts_of(value, name, any, false);
        if (texts && values_.is_first(each, name)) {
            made_.chosen.plugin_configuration[id][own] = texts->front();
        }
    }
}

void reader::read_virtual_host(const member& from, const std::string& name) {
    made_.from.emplace(name, origin{from.at, {}, false, false});
    values_.read_table(from.value, virtual_host_keys(), name, made_.hosts[from.name]);
}

// Each has its number in the names of its keys: "listener.2.address".
void reader::read_listeners(const member& from) {
    const bool is_list = from.value.is == node::kind::list &&
                         std::ranges::all_of(from.value.items, [](const node& each) {
                             return each.is == node::kind::table;
                         });
    if (!is_list) {
        return values_.refuse(from.at, "listener is no list of tables", "write [[listener]]");
    }
    for (const auto& each : from.value.items) {
        const auto name = "listener." + std::to_string(made_.chosen.listeners.size() + 1);
        net::listener_settings made;
        made.address.clear(); // until one is read that has no fault
        values_.read_table(each, listener_keys(), name, made);
        if (!made_.from.contains(name + ".address")) {
            values_.refuse(each.at, "a listener has no address",
                           "give it address = \"localhost:8080\"");
        }
        made_.chosen.listeners.push_back(made);
    }
}

// The first that the command line names stands for all that files do.
void reader::assign_listener(const assignment& from) {
    if (!std::exchange(has_listener_flags_, true)) {
        made_.chosen.listeners.clear();
        std::erase_if(made_.from,
                      [](const auto& each) { return each.first.starts_with("listener."); });
    }
    net::listener_settings made;
    made.address = from.texts.front();
    if (const auto judged = net::listen_address::parse(made.address); !judged) {
        return values_.refuse({from.flag}, judged.error(), {});
    }
    made_.from.emplace("listener." + std::to_string(made_.chosen.listeners.size() + 1) + ".address",
                       origin{{from.flag}, {}, false, false});
    made_.chosen.listeners.push_back(made);
}

void reader::assign(const assignment& from) {
    if (from.name == "listener.address") {
        return assign_listener(from);
    }
    made_.from.insert_or_assign(from.name, origin{{from.flag}, {}, false, false});
    const auto known = std::ranges::find(keys(), from.name, &key<settings>::name);
    std::string bad;
    if (known != keys().end()) {
        bad = known->read(made_.chosen, from.texts);
    } else if (from.name.starts_with(limits_of_all)) {
        const auto name = from.name.substr(limits_of_all.size() + 1);
        const auto limit = std::ranges::find(limit_keys(), name, &key<plugin::limits>::name);
        bad = limit->read(made_.chosen.plugin_limits["*"], from.texts);
    } else {
        const auto pieces = pieces_of(from.name, 4); // plugin, ID, config or limits, KEY
        if (pieces[2] == "config") {
            made_.chosen.plugin_configuration[pieces[1]][pieces[3]] = from.texts.front();
        } else {
            const auto limit =
                std::ranges::find(limit_keys(), pieces[3], &key<plugin::limits>::name);
            bad = limit->read(made_.chosen.plugin_limits[pieces[1]], from.texts);
        }
    }
    if (!bad.empty()) {
        values_.refuse({from.flag}, bad, {});
    }
}

} // namespace

place configured::place_of(std::string_view name) const {
    const auto found = from.find(name);
    return found != from.end() ? found->second.at : place{main, main.empty() ? 0U : 1U, 1};
}

configured read(const source& from) {
    return reader{}.read(from);
}

} // namespace mortise::config
