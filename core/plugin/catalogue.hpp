// SPDX-License-Identifier: BSL-1.0
// The plugins of a process: those that are in service, and why the others are not.
#pragma once

#include "plugin/identity.hpp"
#include "plugin/instance.hpp"
#include "plugin/load_error.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace mortise::plugin {

// A file that is to be served.
struct wanted {
    std::filesystem::path file;
    std::string id; // that its plugin must have; empty: any
};

// The `*.so` of a directory, by name.
loaded<std::vector<wanted>> wanted_in(const std::filesystem::path& directory);

// Everything [control].
class catalogue {
public:
    // The bytes of a plugin's file, and who they say they are; an error where this host cannot load
    // them. None of its code runs.
    struct candidate {
        std::filesystem::path file;
        std::vector<std::byte> bytes;
        identity note;
    };
    static loaded<candidate> judge_file(const std::filesystem::path& file);
    static loaded<candidate> judge_file(const wanted& asked);
    // What an instance was loaded from.
    static loaded<candidate> candidate_of(const instance& from);
    // Why a candidate is not taken whose plugin came out of `first` already.
    static load_error is_second(const candidate& found, const std::filesystem::path& first);
    // The values that are meant for the candidate.
    static configuration values_for(const candidate& found,
                                    const std::map<std::string, configuration>& configurations);
    // Loads, creates and configures it.
    static loaded<std::unique_ptr<instance>>
    load(const candidate& found, const std::map<std::string, configuration>& configurations,
         const surroundings& around);

    // Loads, creates and configures each of `asked`; a bad one is an error and stops no other.
    // `configurations` is plugin id to values. `try_first` may refuse a candidate before its code
    // is loaded.
    using trial = std::function<std::optional<load_error>(const candidate&)>;
    static catalogue load(
        std::span<const wanted> asked, const std::map<std::string, configuration>& configurations,
        const surroundings& around,
        const trial& try_first = [](const candidate&) { return std::nullopt; });

    // Takes in an instance that was loaded beside these.
    instance& adopt(std::unique_ptr<instance> joining);
    // Destroys one that nothing is under way of, and that is in no loop. False: its code stays
    // mapped (instance::take_down()).
    bool release(const instance& leaving);

    std::span<const std::unique_ptr<instance>> instances() const noexcept { return instances_; }
    // One line each (load_error::line()), in the order found.
    std::span<const load_error> errors() const noexcept { return errors_; }

    // Whether a file's plugin has this id, loaded or not.
    bool has_found(const std::string& id) const { return found_.contains(id); }

    // Takes `bad` out of service and destroys it: its routes conflict, or a later step failed.
    // No route table names its handlers and no loop is in it any more.
    void drop(const instance& bad, load_error why);

private:
    void add(const wanted& asked, const surroundings& around,
             const std::map<std::string, configuration>& configurations, const trial& try_first);

    std::vector<std::unique_ptr<instance>> instances_;
    std::vector<load_error> errors_;
    std::set<std::string> found_; // ids
};

} // namespace mortise::plugin
