// SPDX-License-Identifier: BSL-1.0
// What who connects to the admin listener has to know.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace mortise::config {

// What a token has to be. Empty: it is that; else what is wrong, and what is right.
std::string judge_token(std::string_view token);

// Reads the token that a file holds in one line. Others than its owner and its group may not even
// read the file. Empty: done; else what is wrong, and what is right.
std::string read_token(const std::filesystem::path& file, std::string& token);

} // namespace mortise::config
