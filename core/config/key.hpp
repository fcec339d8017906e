// SPDX-License-Identifier: BSL-1.0
// One key of the configuration: its name, what it takes, what it is for, and where it goes.
#pragma once

#include "base/decimal.hpp"
#include "config/values.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mortise::config {

// What a key takes in a file.
enum class form : std::uint8_t { text, whole, truth, texts };

// What people read of a key.
struct key_text {
    std::string name;  // "limits.target_size"
    std::string flag;  // "--max-target-size"; empty: none
    std::string about; // a clause
    std::string more;  // sentences: the reason, what happens beyond it, and the metric
};

// Of a struct that has a place for its value.
template <class Target>
struct key : key_text {
    std::string shown;       // what stands for the value: "SIZE"
    std::vector<form> takes; // any of these
    std::string unset;       // what its default is where show() gives nothing: "none"
    // Empty: done; else what is wrong, and what is right. One text, or those of a list.
    std::function<std::string(Target&, std::span<const std::string>)> read;
    std::function<std::string(const Target&)> show; // as it would stand in a file
    bool is_path = false;                           // relative to the file that it stands in
    bool is_fixed = false;                          // a change takes a restart or an upgrade

    bool takes_list() const noexcept { return takes.front() == form::texts; }

    // Its list holds one at least.
    void refuse_empty(std::string cure) {
        read = [judged = std::move(read),
                cure = std::move(cure)](Target& to, std::span<const std::string> from) {
            return from.empty() ? "[] names nothing; " + cure : judged(to, from);
        };
    }

    // Its default stands for something that has a name and no value.
    void call_default(std::string called) {
        unset = std::move(called);
        const std::string none = show(Target{});
        show = [shown = std::move(show), none](const Target& of) {
            auto text = shown(of);
            return text == none ? std::string{} : text;
        };
    }
};

// "a \"b\"" as TOML writes it.
std::string toml_text(std::string_view text);
std::string toml_text(std::span<const std::string> texts);

// Builds the keys of one struct, in the order in which they are shown. `place` gives a reference to
// the value in the struct, const or not.
template <class Target>
class key_list {
public:
    template <class Place>
    key<Target>& add_size(key_text text, Place place) {
        const auto parse = [](const std::string& from) {
            const auto size = parse_size(from);
            return size && *size != 0 ? size : std::nullopt;
        };
        return add_parsed(std::move(text), "SIZE", {form::text, form::whole}, place, parse,
                          allowed_sizes, [](auto value) { return toml_text(size_text(value)); });
    }

    template <class Place>
    key<Target>& add_time(key_text text, Place place) {
        return add_parsed(std::move(text), "TIME", {form::text}, place, parse_duration,
                          allowed_durations,
                          [](auto value) { return toml_text(duration_text(value)); });
    }

    template <class Place>
    key<Target>& add_number(key_text text, Place place, std::size_t least, std::size_t most) {
        const auto parse = [least, most](const std::string& from) {
            const auto number = base::parse_decimal(from);
            return number && *number >= least && *number <= most ? number : std::nullopt;
        };
        return add_parsed(
            std::move(text), "N", {form::whole}, place, parse,
            always("a number from " + std::to_string(least) + " to " + std::to_string(most)),
            [](auto value) { return std::to_string(value); });
    }

    template <class Place>
    key<Target>& add_truth(key_text text, Place place) {
        const auto parse = [](const std::string& from) {
            return from == "true" || from == "false" ? std::optional{from == "true"} : std::nullopt;
        };
        return add_parsed(std::move(text), "true|false", {form::truth}, place, parse,
                          always("true or false"),
                          [](bool value) { return value ? "true" : "false"; });
    }

    template <class Place, class Value>
    key<Target>& add_choice(key_text text, Place place,
                            std::vector<std::pair<std::string, Value>> values) {
        std::string names;
        for (const auto& [name, value] : values) {
            names += (names.empty() ? "" : "|") + name;
        }
        const auto parse = [values](const std::string& from) {
            for (const auto& [name, value] : values) {
                if (name == from) {
                    return std::optional{value};
                }
            }
            return std::optional<Value>{};
        };
        const auto show = [values](Value value) {
            for (const auto& [name, each] : values) {
                if (each == value) {
                    return toml_text(name);
                }
            }
            return std::string{};
        };
        return add_parsed(std::move(text), names, {form::text}, place, parse,
                          always("one of " + names), show);
    }

    // Any text but the empty one, of which `judge` says what is wrong with it; empty: nothing.
    template <class Place>
    key<Target>& add_text(
        key_text text, std::string shown, Place place,
        std::function<std::string(const std::string&)> judge = [](const std::string&) {
            return std::string{};
        }) {
        auto& made = add_key(std::move(text), std::move(shown), {form::text});
        made.read = [place, judge](Target& to, std::span<const std::string> from) {
            if (from.front().empty()) {
                return std::string{"\"\" is no value; leave the key out instead"};
            }
            if (auto fault = judge(from.front()); !fault.empty()) {
                return fault;
            }
            place(to) = from.front();
            return std::string{};
        };
        made.show = [place](const Target& of) {
            const std::string value{place(of)};
            return value.empty() ? value : toml_text(value);
        };
        return made;
    }

    // `judge` is given it with the folder that it counts from.
    template <class Place>
    key<Target>& add_path(
        key_text text, std::string shown, Place place,
        std::function<std::string(const std::string&)> judge = [](const std::string&) {
            return std::string{};
        }) {
        auto& made = add_text(std::move(text), std::move(shown), place, std::move(judge));
        made.is_path = true;
        return made;
    }

    // Names, each once, of which `judge` says what is wrong with one.
    template <class Place>
    key<Target>& add_texts(
        key_text text, std::string shown, Place place,
        std::function<std::string(const std::string&)> judge = [](const std::string&) {
            return std::string{};
        }) {
        auto& made = add_key(std::move(text), std::move(shown), {form::texts});
        made.read = [place, judge](Target& to, std::span<const std::string> from) {
            std::vector<std::string> taken;
            for (const std::string& each : from) {
                if (each.empty()) {
                    return std::string{"\"\" is an empty name; leave it out"};
                }
                for (const std::string& other : taken) {
                    if (other == each) {
                        return "\"" + each + "\" is named twice; name it once";
                    }
                }
                if (auto fault = judge(each); !fault.empty()) {
                    return fault;
                }
                taken.push_back(each);
            }
            place(to) = std::move(taken);
            return std::string{};
        };
        made.show = [place](const Target& of) {
            return place(of).empty() ? std::string{} : toml_text(place(of));
        };
        return made;
    }

    key<Target>& add(key_text text, std::string shown, form takes,
                     std::function<std::string(Target&, std::span<const std::string>)> read,
                     std::function<std::string(const Target&)> show) {
        auto& made = add_key(std::move(text), std::move(shown), {takes});
        made.read = std::move(read);
        made.show = std::move(show);
        return made;
    }

    std::vector<key<Target>> take() && { return std::move(keys_); }

private:
    key<Target>& add_key(key_text text, std::string shown, std::vector<form> takes) {
        auto& made = keys_.emplace_back();
        static_cast<key_text&>(made) = std::move(text);
        made.shown = std::move(shown);
        made.takes = std::move(takes);
        return made;
    }

    static auto always(std::string allowed) {
        return [allowed = std::move(allowed)](const std::string&) { return allowed; };
    }

    // `allowed` says what a text might be, of one that `parse` gives nothing for.
    template <class Place, class Parse, class Allowed, class Show>
    key<Target>& add_parsed(key_text text, std::string shown, std::vector<form> takes, Place place,
                            Parse parse, Allowed allowed, Show show) {
        auto& made = add_key(std::move(text), std::move(shown), std::move(takes));
        made.read = [place, parse, allowed](Target& to, std::span<const std::string> from) {
            const auto value = parse(from.front());
            if (!value) {
                return "\"" + from.front() + "\" is not " + allowed(from.front());
            }
            place(to) = static_cast<std::remove_cvref_t<decltype(place(to))>>(*value);
            return std::string{};
        };
        made.show = [place, show](const Target& of) -> std::string { return show(place(of)); };
        return made;
    }

    std::vector<key<Target>> keys_;
};

} // namespace mortise::config
