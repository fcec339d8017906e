// SPDX-License-Identifier: BSL-1.0
// Every key of the configuration. Files, the command line and the reference all read this table.
#pragma once

#include "config/key.hpp"
#include "config/sections.hpp"
#include "config/settings.hpp"

#include <span>
#include <string>
#include <vector>

namespace mortise::config {

// Keys of the tables that are there once, in the order in which they are shown.
std::span<const key<settings>> keys();

// [plugin.ID], beside its configuration and its limits.
std::span<const key<plugin_section>> plugin_keys();

// [plugin.ID.limits], and [plugins.limits] for those that have none of their own.
std::span<const key<plugin::limits>> limit_keys();

// [[listener]], as often as there are listeners.
std::span<const key<net::listener_settings>> listener_keys();

// [virtual_host.NAME].
std::span<const key<virtual_host_section>> virtual_host_keys();

// A table of the file, for people.
struct table_text {
    std::string name;  // "limits"
    std::string about; // sentences
};
std::span<const table_text> tables();

// What is wrong with "example.org" or "*.example.org", and what is right; empty: nothing.
std::string judge_host(const std::string& name);

} // namespace mortise::config
