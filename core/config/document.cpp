// SPDX-License-Identifier: BSL-1.0
// TOML by toml++, and nothing of that outside this file.
#include "config/document.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

// What it holds to be impossible, files can have: it goes on, and finds the fault a little later.
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 1
#include <toml++/toml.h>

namespace mortise::config {

namespace {

place place_of(const toml::source_region& from, const std::string& file) {
    return {file, from.begin.line, from.begin.column};
}

template <class Value>
std::string text_of(const Value& value) {
    std::ostringstream text;
    text << value;
    return text.str();
}

node convert(const toml::node& from, const std::string& file);

node convert_table(const toml::table& from, const std::string& file) {
    node made{.is = node::kind::table,
              .at = place_of(from.source(), file),
              .text = {},
              .items = {},
              .members = {}};
    for (const auto& [key, value] : from) {
        made.members.push_back(
            {std::string{key.str()}, place_of(key.source(), file), convert(value, file)});
    }
    std::ranges::sort(made.members, {}, [](const member& each) {
        return std::tuple{each.at.line, each.at.column};
    });
    return made;
}

node convert(const toml::node& from, const std::string& file) {
    if (const auto* const table = from.as_table()) {
        return convert_table(*table, file);
    }
    node made{.at = place_of(from.source(), file), .text = {}, .items = {}, .members = {}};
    if (const auto* const array = from.as_array()) {
        made.is = node::kind::list;
        for (const auto& each : *array) {
            made.items.push_back(convert(each, file));
        }
    } else if (const auto* const text = from.as_string()) {
        made.is = node::kind::text;
        made.text = text->get();
    } else if (const auto* const whole = from.as_integer()) {
        made.is = node::kind::whole;
        made.text = std::to_string(whole->get());
    } else if (const auto* const truth = from.as_boolean()) {
        made.is = node::kind::truth;
        made.text = truth->get() ? "true" : "false";
    } else if (const auto* const real = from.as_floating_point()) {
        made.is = node::kind::real;
        made.text = text_of(*real);
    } else {
        made.is = node::kind::moment;
        from.visit([&](const auto& each) {
            if constexpr (toml::is_chronological<decltype(each)>) {
                made.text = text_of(each);
            }
        });
    }
    return made;
}

std::string cure_for(std::string_view what) {
    if (what.find("redefine") != what.npos || what.find("duplicate") != what.npos) {
        return "give each key and each table once";
    }
    return "a line is KEY = VALUE, a table begins with [NAME], text stands in quotes";
}

fault cannot_read(const std::string& file, const std::string& why) {
    return {{file}, "cannot be read: " + why, "name a file that the host's user may read"};
}

} // namespace

std::string place::text() const {
    return line == 0 ? file : file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string fault::line() const {
    std::string made = at.text();
    made += (made.empty() ? "" : ": ") + what + (cure.empty() ? "" : "; " + cure);
    std::ranges::replace_if(
        made, [](unsigned char octet) { return octet < 0x20 || octet == 0x7f; }, ' ');
    return made;
}

boost::system::result<node, fault> parse_document(const std::string& text,
                                                  const std::string& file) {
    const auto parsed = toml::parse(text, file);
    if (!parsed) {
        const std::string what{parsed.error().description()};
        return fault{place_of(parsed.error().source(), file), what, cure_for(what)};
    }
    return convert_table(parsed.table(), file);
}

boost::system::result<node, fault> read_document(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
        return cannot_read(file.string(), "it is a directory");
    }
    errno = 0;
    std::ifstream from{file, std::ios::binary};
    if (!from) {
        return cannot_read(file.string(), std::system_category().message(errno));
    }
    std::string text(largest_document + 1, '\0');
    from.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(from.gcount()));
    if (text.size() > largest_document) {
        return cannot_read(file.string(), "it is larger than 4 MiB");
    }
    return parse_document(text, file.string());
}

} // namespace mortise::config
