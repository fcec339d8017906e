// SPDX-License-Identifier: BSL-1.0
// A project for a plugin, made of a template.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::cli {

// What the templates are named, in their texts and, with _, in the names of their files. As they
// lie in the tree they are projects that build.
inline constexpr std::string_view template_name = "my-plugin";

// Why a project, its plugin and its targets cannot be named so, and the nearest name that can be;
// empty: they can.
std::string judge_project_name(std::string_view name);

// What stands in a template and becomes something else.
struct replacement {
    std::string from;
    std::string to;
};

// Copies `pattern` to `folder`, which must not exist; its parent must. Each occurrence of a `from`
// becomes its `to`: in files, and in their names. Empty: done; else why not, and then there is
// nothing of it.
std::string make_project(const std::filesystem::path& pattern, const std::filesystem::path& folder,
                         const std::vector<replacement>& replaced);

// `text` with each occurrence replaced; of two that begin at one place, the first of the list is.
std::string replace_all(std::string_view text, const std::vector<replacement>& replaced);

// The indented blocks of a page: the commands that it shows, one text for each block.
std::vector<std::string> blocks_of(std::string_view page);

// As a shell takes it for one word.
std::string quoted(const std::string& word);

} // namespace mortise::cli
