// SPDX-License-Identifier: BSL-1.0
// Judging a name, and copying a template with another one.
#include "cli/project.hpp"

#include "base/ascii.hpp"
#include "plugin/identity.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mortise::cli {

namespace {

namespace fs = std::filesystem;

// "-test" comes behind it, and an id has at most 63 characters.
constexpr std::size_t longest_name = 58;

// Targets that CMake has or refuses, and the plugin of `mortise dev`.
constexpr std::array taken_names{"all",     "clean",   "codegen", "depend",     "help",
                                 "install", "list",    "package", "preinstall", "rebuild_cache",
                                 "test",    "rebuild", "mortise", "workbench",  "dl"};

bool is_taken(std::string_view name) {
    return std::ranges::find(taken_names, name) != taken_names.end();
}

bool is_good_name(std::string_view name) {
    return plugin::is_plugin_id(name) && name.size() <= longest_name && !is_taken(name);
}

bool is_letter_or_digit(char each) {
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
}

std::string nearest_name(std::string_view name) {
    std::string near;
    for (const char each : name) {
        const char lower = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
        if (is_letter_or_digit(lower)) {
            near += lower;
        } else if (!near.empty() && near.back() != '-') {
            near += '-';
        }
    }
    near.resize(std::min(near.size(), longest_name - std::string_view{"-plugin"}.size()));
    while (near.ends_with('-')) {
        near.pop_back();
    }
    if (near.empty() || near.front() < 'a') {
        near = near.empty() ? "hello" : "plugin-" + near;
    }
    return is_good_name(near) ? near : near + "-plugin";
}

std::string reason_of(int error) {
    return std::system_category().message(error);
}

// A folder that is gone again where it does not become a project.
class new_folder {
public:
    explicit new_folder(fs::path path) : path_{std::move(path)} {}
    new_folder(const new_folder&) = delete;
    new_folder& operator=(const new_folder&) = delete;
    ~new_folder() {
        if (!path_.empty()) {
            std::error_code ignored;
            fs::remove_all(path_, ignored);
        }
    }

    const fs::path& path() const { return path_; }
    // Zero, or the error: another thing may have come to lie there.
    int become(const fs::path& named) {
        if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, named.c_str(), RENAME_NOREPLACE) != 0 &&
            // A network's file system may not know the flag. A plain rename replaces nothing but an
            // empty folder.
            (errno != EINVAL || ::rename(path_.c_str(), named.c_str()) != 0)) {
            return errno;
        }
        path_.clear();
        return 0;
    }

private:
    fs::path path_;
};

std::string copy(const fs::path& from, const fs::path& to,
                 const std::vector<replacement>& replaced) {
    std::ifstream read{from, std::ios::binary};
    std::ostringstream text;
    text << read.rdbuf();
    std::ofstream written{to, std::ios::binary};
    written << replace_all(text.view(), replaced);
    written.close();
    if (!read) {
        return from.string() + " cannot be read; reinstall mortise-dev";
    }
    return written ? "" : to.string() + " cannot be written: " + reason_of(errno);
}

} // namespace

std::string judge_project_name(std::string_view name) {
    if (is_good_name(name)) {
        return {};
    }
    const std::string rule =
        is_taken(name)
            ? "is taken"
            : "is no name for a plugin, which is of the form [a-z][a-z0-9-]* and has at most " +
                  std::to_string(longest_name) + " characters";
    return "\"" + std::string{name} + "\" " + rule + "; the nearest that is free is \"" +
           nearest_name(name) + "\"";
}

std::string replace_all(std::string_view text, const std::vector<replacement>& replaced) {
    std::string made;
    while (!text.empty()) {
        const auto found = std::ranges::find_if(
            replaced, [&](const auto& each) { return text.starts_with(each.from); });
        if (found != replaced.end()) {
            made += found->to;
            text.remove_prefix(found->from.size());
        } else {
            made += text.front();
            text.remove_prefix(1);
        }
    }
    return made;
}

std::string make_project(const fs::path& pattern, const fs::path& folder,
                         const std::vector<replacement>& replaced) {
    std::error_code error;
    if (fs::symlink_status(folder, error).type() != fs::file_type::not_found) {
        return folder.string() + " exists already; choose another name, or remove it";
    }
    std::string made = (folder.parent_path() / ".mortise-new-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) {
        return folder.string() + " cannot be made: " + reason_of(errno) +
               "; go to a folder that you may write to";
    }
    new_folder making{made};
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::chmod(made.c_str(), 0777 & ~mask);
    for (fs::directory_iterator entry{pattern, error}, end; !error && entry != end;
         entry.increment(error)) {
        const auto name = replace_all(entry->path().filename().native(), replaced);
        if (auto fault = copy(entry->path(), making.path() / name, replaced); !fault.empty()) {
            return fault;
        }
    }
    if (error) {
        return pattern.string() + " cannot be read: " + error.message() + "; reinstall mortise-dev";
    }
    if (const int failed = making.become(folder); failed != 0) {
        return folder.string() + " cannot be made: " + reason_of(failed) + "; choose another name";
    }
    return {};
}

std::vector<std::string> blocks_of(std::string_view page) {
    constexpr std::string_view indent = "    ";
    std::vector<std::string> blocks;
    bool is_inside = false;
    while (!page.empty()) {
        const auto size = std::min(page.find('\n'), page.size());
        const auto line = page.substr(0, size);
        page.remove_prefix(std::min(size + 1, page.size()));
        if (line.starts_with(indent)) {
            if (!is_inside) {
                blocks.emplace_back();
            }
            (blocks.back() += line) += '\n';
        }
        is_inside = line.starts_with(indent);
    }
    return blocks;
}

std::string quoted(const std::string& word) {
    const auto is_plain = [](char each) {
        return base::is_of(each, base::unreserved_byte) || each == '/' || each == '+';
    };
    if (!word.empty() && std::ranges::all_of(word, is_plain)) {
        return word;
    }
    std::string made = "'";
    for (const char each : word) {
        made += each == '\'' ? std::string{R"('\'')"} : std::string{each};
    }
    return made + "'";
}

} // namespace mortise::cli
