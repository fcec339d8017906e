// SPDX-License-Identifier: BSL-1.0
// A TOML file as a tree, of which each part knows where it stands.
#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mortise::config {

// Line and column count from 1, columns in characters; line 0 is the whole file.
struct place {
    std::string file; // or an option of the command line; empty: nowhere
    std::size_t line = 0;
    std::size_t column = 0;

    std::string text() const; // "mortise.toml:3:5"
};

// Clauses without a full stop and without a line break.
struct fault {
    place at;
    std::string what;
    std::string cure;

    std::string line() const; // "mortise.toml:3:5: server.worker is no key; did you mean …"
};

struct member;

struct node {
    enum class kind : std::uint8_t { text, whole, real, truth, moment, list, table };

    kind is = kind::table;
    place at;
    std::string text; // of what is neither list nor table, as it would be written without quotes
    std::vector<node> items;
    std::vector<member> members; // in the order of the file
};

struct member {
    std::string name;
    place at; // of the name
    node value;
};

inline constexpr std::size_t largest_document = std::size_t{4} * 1024 * 1024; // bytes

// Reads and parses a file. [any]
boost::system::result<node, fault> read_document(const std::filesystem::path& file);
// Parses text that stands for `file`.
boost::system::result<node, fault> parse_document(const std::string& text, const std::string& file);

} // namespace mortise::config
