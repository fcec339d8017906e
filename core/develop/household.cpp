// SPDX-License-Identifier: BSL-1.0
// A subreaper, and who is below it by /proc.
#include "develop/household.hpp"

#include "base/decimal.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace mortise::develop {

namespace {

namespace fs = std::filesystem;

// "12 (a name) S 7 …": the fourth word is the parent's number; a name may hold anything.
std::string parent_in(const std::string& status) {
    const auto behind_name = status.rfind(") ");
    if (behind_name == status.npos) {
        return {};
    }
    const auto begin = behind_name + std::string_view{") S "}.size();
    return status.substr(begin, status.find(' ', begin) - begin);
}

} // namespace

household::household() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

household::~household() {
    end_strays();
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

std::vector<pid_t> household::strays() const {
    const std::string self = std::to_string(::getpid());
    std::vector<pid_t> found;
    std::error_code error;
    for (fs::directory_iterator entry{"/proc", error}, end; !error && entry != end;
         entry.increment(error)) {
        const auto number = base::parse_decimal(entry->path().filename().native());
        if (!number) {
            continue;
        }
        std::ifstream file{entry->path() / "stat"};
        const std::string status{std::istreambuf_iterator<char>{file}, {}};
        const auto process = static_cast<pid_t>(*number);
        if (parent_in(status) == self && !members_.contains(process)) {
            found.push_back(process);
        }
    }
    return found;
}

void household::forget_ended() const {
    for (const pid_t each : strays()) {
        ::waitpid(each, nullptr, WNOHANG);
    }
}

void household::end_strays() {
    for (auto left = strays(); !left.empty(); left = strays()) {
        for (const pid_t each : left) {
            ::kill(each, SIGKILL);
            ::waitpid(each, nullptr, 0);
        }
    }
}

} // namespace mortise::develop
