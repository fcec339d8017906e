// SPDX-License-Identifier: BSL-1.0
// Reading, pruning and opening the record of crashes.
#include "server/crash_history.hpp"

#include "observe/log.hpp"

#include <cerrno>
#include <charconv>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace mortise::server {

namespace fs = std::filesystem;

crash_history::crash_history(const fs::path& state, std::chrono::seconds window) {
    const fs::path file = state / "crashes";
    read(file, std::time(nullptr) - window.count());
    const fs::path beside = state / "crashes.new";
    std::ofstream{beside} << kept_;
    std::error_code error;
    fs::rename(beside, file, error);
    descriptor_ = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor_ < 0) {
        const std::string why = std::system_category().message(errno);
        observe::log(observe::level::warning,
                     "crashes of plugins are not recorded: let the host's user write there",
                     {{"directory", state.native()}, {"error", why}});
    }
}

crash_history::~crash_history() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

// A line that a dying process wrote in part is no line.
void crash_history::read(const fs::path& file, std::int64_t oldest) {
    std::ifstream from{file};
    for (std::string line; std::getline(from, line);) {
        std::istringstream words{line};
        std::int64_t when = 0;
        std::string id;
        std::string digits;
        std::uint64_t digest = 0;
        words >> when >> id >> digits;
        const auto parsed =
            std::from_chars(digits.data(), digits.data() + digits.size(), digest, 16);
        if (digits.empty() || parsed.ptr != digits.data() + digits.size() || when < oldest) {
            continue;
        }
        ++counts_[{id, digest}];
        kept_ += line + '\n';
    }
}

std::size_t crash_history::count(const std::string& id, std::uint64_t digest) const {
    const auto found = counts_.find({id, digest});
    return found != counts_.end() ? found->second : 0;
}

} // namespace mortise::server
