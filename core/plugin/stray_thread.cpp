// SPDX-License-Identifier: BSL-1.0
// Stacks of threads that wait, read from outside by what the kernel tells of them.
#include "plugin/stray_thread.hpp"

#include "base/descriptor.hpp"
#include "base/host_thread.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mortise::plugin {

namespace {

using address = std::uint64_t;

struct range {
    address begin;
    address end;

    bool holds(address place) const noexcept { return place >= begin && place < end; }
};

// What /proc/self/maps has, of which `is_wanted` says the line.
template <class Predicate>
std::vector<range> mapped_ranges(Predicate is_wanted) {
    std::vector<range> found;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        char* rest = nullptr;
        const address begin = std::strtoull(line.c_str(), &rest, 16);
        const address end = *rest == '-' ? std::strtoull(rest + 1, &rest, 16) : 0;
        const range here{begin, end};
        if (end > begin && is_wanted(line, here)) {
            found.push_back(here);
        }
    }
    return found;
}

// Where a thread stands that waits in the kernel.
struct place {
    enum class state : std::uint8_t { waits, runs, is_gone } now;
    address stack = 0;
    address code = 0;
};

// "running", or numbers of which the last two are the stack's and the code's.
place place_of(pid_t thread) {
    std::ifstream file{"/proc/self/task/" + std::to_string(thread) + "/syscall"};
    std::vector<std::string> words;
    for (std::string word; file >> word;) {
        words.push_back(word);
    }
    if (words.empty()) {
        std::error_code error;
        const bool is_there =
            std::filesystem::exists("/proc/self/task/" + std::to_string(thread), error);
        return {is_there ? place::state::runs : place::state::is_gone};
    }
    if (words.size() < 3) {
        return {place::state::runs};
    }
    const auto number = [&](std::size_t from_end) {
        return address{std::strtoull(words[words.size() - from_end].c_str(), nullptr, 16)};
    };
    return {place::state::waits, number(2), number(1)};
}

// Whether a word of the stack, from where the thread stands to its end, is one of `code`.
bool returns_to(const std::vector<range>& code, address stack) {
    const auto is_in_code = [&](address word) {
        return std::ranges::any_of(code, [word](const range& each) { return each.holds(word); });
    };
    const base::descriptor memory{::open("/proc/self/mem", O_RDONLY | O_CLOEXEC)};
    std::array<address, 512> words;
    for (const range& each :
         mapped_ranges([stack](const std::string&, range here) { return here.holds(stack); })) {
        for (address at = stack & ~address{7}; at < each.end;) {
            const auto room = std::min<address>(sizeof words, each.end - at);
            const auto got = ::pread(memory.number(), words.data(), room, static_cast<off_t>(at));
            if (got <= 0) {
                break; // the thread has ended meanwhile, and its stack with it
            }
            const auto count = static_cast<std::size_t>(got) / sizeof(address);
            if (std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count),
                            is_in_code)) {
                return true;
            }
            at += static_cast<address>(got);
        }
    }
    return false;
}

bool may_come_to(const std::vector<range>& code, pid_t thread) {
    constexpr int most_looks = 50;
    for (int looks = 0; looks < most_looks; ++looks) {
        const place now = place_of(thread);
        if (now.now == place::state::is_gone) {
            return false;
        }
        if (now.now == place::state::waits) {
            const auto is_here = [&](const range& each) { return each.holds(now.code); };
            return std::ranges::any_of(code, is_here) || returns_to(code, now.stack);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

} // namespace

std::set<pid_t> stray_threads() {
    std::set<pid_t> found;
    std::error_code error;
    for (const auto& each : std::filesystem::directory_iterator{"/proc/self/task", error}) {
        const auto number =
            static_cast<pid_t>(std::strtol(each.path().filename().c_str(), nullptr, 10));
        if (number != ::gettid() && !base::host_thread::is_one(number)) {
            found.insert(number);
        }
    }
    return found;
}

std::optional<pid_t> find_stray_thread_in(const std::filesystem::path& file,
                                          const std::set<pid_t>& before) {
    std::set<pid_t> strays = stray_threads();
    std::erase_if(strays, [&](pid_t each) { return before.contains(each); });
    if (strays.empty()) {
        return std::nullopt;
    }
    const auto code = mapped_ranges([&](const std::string& line, range) {
        return line.ends_with(file.native()) && line.find(" r-xp ") != line.npos;
    });
    const auto found =
        std::ranges::find_if(strays, [&](pid_t each) { return may_come_to(code, each); });
    return found != strays.end() ? std::optional{*found} : std::nullopt;
}

} // namespace mortise::plugin
