// SPDX-License-Identifier: BSL-1.0
// Folders, copies and TOML.
#include "develop/room.hpp"

#include "config/key.hpp"

#include <fstream>
#include <span>
#include <system_error>
#include <utility>

namespace mortise::develop {

namespace {

namespace fs = std::filesystem;

constexpr const char* page_filter = "workbench"; // and the plugin's id

// As TOML has it, with nothing in it that the configuration replaces.
std::string literal(const std::string& text) {
    std::string kept;
    for (std::size_t at = 0; at < text.size(); ++at) {
        kept += text.compare(at, 2, "${") == 0 ? "$$" : std::string{text[at]};
    }
    return config::toml_text(kept);
}

std::string with_names(const std::map<std::string, std::string>& values) {
    std::string made;
    for (const auto& [key, value] : values) {
        made += config::toml_text(key) + " = " + literal(value) + "\n";
    }
    return made;
}

} // namespace

plugin::judged<room> room::make(terms by) {
    auto folder = plugin::private_directory::make();
    if (!folder) {
        return std::move(folder).error();
    }
    return room{std::move(*folder), std::move(by)};
}

std::string room::copy(const fs::path& from, const fs::path& to) const {
    std::error_code error;
    fs::copy_file(from, to, error);
    if (!error) { // a plugin that others may write is refused
        fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, error);
    }
    return error ? from.string() + " cannot be copied: " + error.message() : std::string{};
}

std::string room::write(const fs::path& file, const std::string& text) const {
    std::ofstream to{file, std::ios::binary | std::ios::trunc};
    to << text;
    to.close();
    return to ? std::string{} : file.string() + " cannot be written; is the disk full?";
}

std::string room::configuration_text(const fs::path& plugins) const {
    std::vector<std::string> filters = terms_.filters;
    if (now_.shown) {
        filters.assign(1, page_filter); // others would stand before it, or be missed
    }
    std::string text = "[admin]\nsocket = " + literal(control()) +
                       "\n\n[plugins]\ndirectory = " + literal(plugins) +
                       "\nall = true\nwatch = false\nfilters = [";
    for (const auto& each : filters) {
        text += (&each == &filters.front() ? "" : ", ") + literal(each);
    }
    text += "]\n";
    if (now_.shown) {
        text += "\n[plugin.workbench.config]\nhtml = " + literal(plugins / "page.html") +
                "\ntext = " + literal(plugins / "page.txt") + "\n";
    }
    for (const auto& each : now_.plugins) {
        const auto values = terms_.values.find(each.id);
        if (values != terms_.values.end()) {
            text += "\n[plugin." + each.id + ".config]\n" + with_names(values->second);
        }
    }
    return text;
}

std::string room::lay_out(const offer& offered) {
    const auto plugins = folder_.path() / std::to_string(++number_);
    std::error_code error;
    fs::create_directory(plugins, error);
    fs::permissions(plugins, fs::perms::owner_all, error);
    offer next{{}, offered.shown};
    std::string fault;
    const auto take = [&fault](std::string found) {
        if (fault.empty()) {
            fault = std::move(found);
        }
    };
    for (const auto& each : offered.plugins) {
        auto& kept = next.plugins.emplace_back(each);
        kept.file = plugins / (each.id + ".so");
        take(copy(each.file, kept.file));
    }
    if (offered.shown) {
        take(copy(terms_.workbench, plugins / "workbench.so"));
        take(write(plugins / "page.html", html_of(*offered.shown)));
        take(write(plugins / "page.txt", text_of(*offered.shown)));
    }
    now_ = std::move(next);
    take(write(configuration(), configuration_text(plugins)));
    return fault;
}

void room::settle() {
    std::error_code error;
    for (std::size_t each = number_ - 1; each != 0; --each) {
        if (fs::remove_all(folder_.path() / std::to_string(each), error) == 0) {
            break; // and so were those before
        }
    }
}

} // namespace mortise::develop
