// SPDX-License-Identifier: BSL-1.0
// Values of a table by its keys.
#pragma once

#include "config/document.hpp"
#include "config/key.hpp"
#include "config/reader.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mortise::config {

// Notes what it reads, and every fault, in `to`.
class section_reader {
public:
    explicit section_reader(configured& to) noexcept : to_{to} {}

    // The texts of a value for `as`, with names of the environment replaced; nothing where it has a
    // fault, which is noted.
    std::optional<std::vector<std::string>> texts_of(const node& value, const std::string& name,
                                                     std::span<const form> takes, bool is_path);

    template <class Target>
    void read_value(const member& from, const key<Target>& as, const std::string& name,
                    Target& to) {
        const auto texts = texts_of(from.value, name, as.takes, as.is_path);
        if (!texts || !is_first(from, name)) {
            return;
        }
        if (std::ranges::any_of(*texts, has_zero)) {
            return refuse(from.value.at, name + " holds a zero byte", "take it out");
        }
        if (const auto bad = as.read(to, *texts); !bad.empty()) {
            refuse(from.value.at, name + ": " + legible(bad, *texts), {});
        }
    }

    // Reads the members of the table `name` that `as` knows into a struct. `others` are members
    // that somebody else reads.
    template <class Target>
    void read_table(const node& from, std::span<const key<Target>> as, const std::string& name,
                    Target& to, std::span<const std::string> others = {}) {
        for (const auto& each : from.members) {
            const auto known = std::ranges::find(as, each.name, &key<Target>::name);
            if (known != as.end()) {
                read_value(each, *known, name + "." + each.name, to);
            } else if (std::ranges::find(others, each.name) == others.end()) {
                std::vector<std::string> names{others.begin(), others.end()};
                std::ranges::transform(as, std::back_inserter(names), &key<Target>::name);
                refuse_unknown(each, name + "." + each.name, names);
            }
        }
    }

    // Whether it is a table; else that is a fault.
    bool is_table(const member& from, const std::string& name);
    // Whether `name` is said here first; else that is a fault.
    bool is_first(const member& from, const std::string& name);
    void refuse(const place& at, const std::string& what, const std::string& cure);
    void refuse_unknown(const member& from, const std::string& name,
                        std::span<const std::string> known);

private:
    static bool has_zero(const std::string& text) noexcept { return text.find('\0') != text.npos; }
    std::string legible(std::string bad, std::span<const std::string> texts) const;

    configured& to_;
    bool is_replaced_ = false; // of the value that texts_of() saw last
    bool is_hidden_ = false;
};

} // namespace mortise::config
