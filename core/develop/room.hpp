// SPDX-License-Identifier: BSL-1.0
// What the host of `mortise dev` is told to serve: a configuration, and the files that it names.
#pragma once

#include "develop/builder.hpp"
#include "develop/page.hpp"
#include "plugin/load_error.hpp"
#include "plugin/private_directory.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mortise::develop {

// What is to be served. With a page, that answers in the place of all plugins.
struct offer {
    std::vector<product> plugins;
    std::optional<page> shown;
};

// A private directory with a configuration. Each offer has a folder of its own in it, so that what
// serves keeps its files until the next one serves. Everything [control].
class room {
public:
    // What every configuration says beside the offer.
    struct terms {
        std::filesystem::path workbench;  // the plugin that shows pages
        std::vector<std::string> filters; // of the plugins, in their order
        std::map<std::string, std::map<std::string, std::string>> values; // by plugin id
    };
    static plugin::judged<room> make(terms by);

    const terms& by() const noexcept { return terms_; }
    std::filesystem::path configuration() const { return folder_.path() / "mortise.toml"; }
    std::filesystem::path control() const { return folder_.path() / "control"; }
    std::filesystem::path notify() const { return folder_.path() / "notify"; }

    // Writes the configuration that serves it; files of `offered` are copied. Empty: done.
    std::string lay_out(const offer& offered);
    // The last one that was laid out, with its files as they lie here.
    const offer& laid_out() const noexcept { return now_; }
    // It serves: what was laid out before is removed.
    void settle();

private:
    room(plugin::private_directory folder, terms by)
        : folder_{std::move(folder)}, terms_{std::move(by)} {}

    std::string copy(const std::filesystem::path& from, const std::filesystem::path& to) const;
    std::string write(const std::filesystem::path& file, const std::string& text) const;
    std::string configuration_text(const std::filesystem::path& plugins) const;

    plugin::private_directory folder_;
    terms terms_;
    offer now_;
    std::size_t number_ = 0; // of that
};

} // namespace mortise::develop
