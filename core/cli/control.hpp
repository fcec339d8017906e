// SPDX-License-Identifier: BSL-1.0
// What the commands have in common that ask a running host.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace mortise::cli {

// $MORTISE_CONTROL, or where a packaged host listens.
std::filesystem::path default_control();

// A text as it is, anything else as JSON. Control characters become \xNN: texts may come from
// plugins, and go to a terminal.
std::string text_of(const boost::json::value& value);

// Texts of an array, with commas between.
std::string joined(const boost::json::value& texts);

// Columns as wide as they need; the first row is their heads.
using table = std::vector<std::vector<std::string>>;
void print_table(std::ostream& to, const table& rows);

// What a change came to, a line each; `none` where it came to nothing.
void print_changes(const boost::json::object& content, const std::string& none);

// Why the host has refused something, on standard error.
void print_failure(const boost::json::object& content);

} // namespace mortise::cli
