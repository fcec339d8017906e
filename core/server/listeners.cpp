// SPDX-License-Identifier: BSL-1.0
// Opening all, or none.
#include "server/listeners.hpp"

#include "observe/log.hpp"
#include "server/worker.hpp"

#include <algorithm>
#include <utility>

namespace mortise::server {

boost::system::result<void, std::string>
listeners::open(const std::vector<net::listener_settings>& asked, std::size_t loops) {
    const std::vector<net::listener_settings> usual(1);
    for (const auto& each : asked.empty() ? usual : asked) {
        auto opened = open_listening(each, inherited_, loops);
        if (!opened) {
            for (const auto& before : open_) {
                close_sockets(before);
            }
            open_.clear();
            return std::move(opened).error();
        }
        opened->number = next_number_++;
        open_.push_back(std::move(*opened));
    }
    return {};
}

void listeners::serve(worker& on) const {
    for (const auto& each : open_) {
        for (const int socket : each.sockets[on.index()]) {
            on.listen(socket, each.settings, each.number);
        }
    }
}

void listeners::announce(std::FILE* to) const {
    const auto is_tcp = [](const listening& each) { return each.is_tcp(); };
    const auto with_url = std::ranges::find_if(open_, is_tcp);
    const auto& first = with_url != open_.end() ? *with_url : open_.front();
    for (const auto& each : open_) {
        if (&each != &first) {
            observe::log(observe::level::info, "listens at one more address", {{"at", each.url}});
        }
    }
    std::fprintf(to, "Server started at %s\n", first.url.c_str());
    std::fflush(to);
}

} // namespace mortise::server
