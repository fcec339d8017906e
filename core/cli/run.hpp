// SPDX-License-Identifier: BSL-1.0
// The command line of mortise.
#pragma once

#include <string>

namespace mortise::cli {

// Exit code for a command line that cannot be understood.
inline constexpr int exit_usage = 2;

// Says on standard error what is wrong; the exit code, as it was given.
int complain(const std::string& fault, int code);

// Reads the command line and does what it says; the process's exit code.
int run(int argc, const char* const* argv);

} // namespace mortise::cli
