// SPDX-License-Identifier: BSL-1.0
// Answers of a host for people.
#include "cli/control.hpp"

#include "base/hex.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace mortise::cli {

namespace json = boost::json;

namespace {

// How many bytes the control character at the front of `text` has; 0: it is none. Beyond ASCII,
// they are U+0080 to U+009F.
std::size_t control_size(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    if (byte(0) == 0xc2 && text.size() > 1 && byte(1) < 0xa0) {
        return 2;
    }
    return byte(0) < 0x20 || byte(0) == 0x7f ? 1 : 0;
}

} // namespace

std::filesystem::path default_control() {
    const char* const named = std::getenv("MORTISE_CONTROL");
    return named != nullptr ? named : "/run/mortise/control.sock";
}

std::string text_of(const json::value& value) {
    if (!value.is_string()) {
        return json::serialize(value);
    }
    std::string made;
    for (std::string_view rest = value.get_string(); !rest.empty();) {
        const auto controls = control_size(rest);
        if (controls == 0) {
            made += rest.front();
        }
        for (const char byte : rest.substr(0, controls)) {
            const auto code = static_cast<unsigned char>(byte);
            made += {'\\', 'x', base::hex_digits[code >> 4], base::hex_digits[code & 15]};
        }
        rest.remove_prefix(std::max<std::size_t>(controls, 1));
    }
    return made;
}

std::string joined(const json::value& texts) {
    std::string all;
    for (const auto& each : texts.as_array()) {
        all += (all.empty() ? "" : ", ") + text_of(each);
    }
    return all;
}

void print_table(std::ostream& to, const table& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], row[column].size());
        }
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += row[column];
            if (column + 1 < row.size()) {
                line.append(widths[column] - row[column].size() + 2, ' ');
            }
        }
        to << line << '\n';
    }
}

void print_changes(const json::object& content, const std::string& none) {
    const auto& changes = content.at("changes").as_array();
    for (const auto& each : changes) {
        std::cout << text_of(each) << '\n';
    }
    if (changes.empty() && !content.contains("faults")) {
        std::cout << none << '\n';
    }
}

void print_failure(const json::object& content) {
    if (const auto* const faults = content.if_contains("faults")) {
        for (const auto& each : faults->as_array()) {
            std::cerr << text_of(each) << '\n';
        }
        return;
    }
    const auto* const error = content.if_contains("error");
    const auto* const cure = content.if_contains("cure");
    std::cerr << "mortise: " << (error != nullptr ? text_of(*error) : "the host refused that")
              << (cure != nullptr ? "; " + text_of(*cure) : std::string{}) << '\n';
}

} // namespace mortise::cli
