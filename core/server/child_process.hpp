// SPDX-License-Identifier: BSL-1.0
// This program once more, as a process of its own.
#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <csignal>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mortise::server {

// Started anew, not forked, with every signal as a process has it at first. Whoever has this waits
// for its end, once.
class child_process {
public:
    // What the child has: `given` of this process becomes `as` of the child's, below 6.
    struct handed {
        int given;
        int as;
    };
    // Standard input and output are /dev/null where nothing else is handed, standard error is this
    // process's. [control]
    static base::result<child_process> start(const std::vector<std::string>& arguments,
                                             std::span<const handed> descriptors);
    struct command {
        std::filesystem::path file;
        std::vector<std::string> words;       // argv
        std::vector<std::string> environment; // NAME=VALUE; of a name that comes twice the first
        bool has_own_group = false; // of processes: what a terminal signals does not reach it
    };
    // Another program. Standard input, output and error are those of this process, where nothing
    // else is handed.
    static base::result<child_process> start(command what, std::span<const handed> descriptors);

    pid_t number() const noexcept { return number_; }
    // Readable when it has ended.
    const base::descriptor& end() const noexcept { return end_; }
    void signal(int number) const noexcept;
    // Waits for its end, and lets go of it.
    siginfo_t wait() const noexcept;

    // The file that this process runs, for a command of its own.
    static std::filesystem::path this_program();

    // "SIGSEGV".
    static std::string signal_text(int number);

private:
    child_process(pid_t number, base::descriptor end) noexcept
        : number_{number}, end_{std::move(end)} {}

    pid_t number_;
    base::descriptor end_;
};

// A copy of a descriptor with a number above those that children get.
base::descriptor move_up(const base::descriptor& from) noexcept;

} // namespace mortise::server
