// SPDX-License-Identifier: BSL-1.0
// Opening all, or none.
#include "server/listeners.hpp"

#include "config/reader.hpp"
#include "observe/log.hpp"
#include "server/worker.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mortise::server {

listeners::change::~change() {
    std::ranges::for_each(added, close_sockets);
}

boost::system::result<void, listeners::refusal>
listeners::open(const std::vector<net::listener_settings>& asked, net::handed_sockets& handed,
                std::size_t loops) {
    for (auto& [name, socket] : handed.take_all("systemd:")) {
        inherited_.add(name, std::move(socket));
    }
    auto all = prepare(asked, handed, loops);
    if (!all) {
        return std::move(all).error();
    }
    take_on(*all);
    return {};
}

boost::system::result<listeners::change, listeners::refusal>
listeners::prepare(const std::vector<net::listener_settings>& asked, net::handed_sockets& handed,
                   std::size_t loops) {
    change made;
    made.first = next_number_;
    made.asked = asked.empty() ? std::vector<net::listener_settings>(1) : asked;
    std::vector<std::string> there;
    std::ranges::transform(open_, std::back_inserter(there),
                           [](const listening& each) { return each.settings.address; });
    for (std::size_t index = 0; index < made.asked.size(); ++index) {
        const auto& each = made.asked[index];
        if (const auto known = std::ranges::find(there, each.address); known != there.end()) {
            there.erase(known); // it stands for one
            continue;
        }
        auto opened = open_listening(each, inherited_, handed, loops);
        if (!opened) {
            return refusal{index, std::move(opened).error()};
        }
        opened->number = next_number_++;
        made.added.push_back(std::move(*opened));
    }
    return made;
}

void listeners::take_on(change& next) {
    std::vector<listening> kept;
    for (const auto& each : next.asked) {
        if (auto* const known = find(each.address)) {
            known->settings = each;
            if (auto said = apply_mode(*known); !said.empty()) {
                next.modes.push_back(std::move(said));
            }
            kept.push_back(std::move(*known));
            known->settings.address.clear();
        }
    }
    for (auto& each : open_) {
        if (!each.settings.address.empty()) {
            next.removed.push_back(std::move(each));
        }
    }
    open_ = std::move(kept);
    std::ranges::move(next.added, std::back_inserter(open_));
    next.added.clear();
}

void listeners::open_missing() {
    std::ranges::for_each(open_, server::open_missing);
}

void listeners::own_files() {
    std::ranges::for_each(open_, own_file);
}

std::vector<net::socket_offer> listeners::offers() const {
    auto all = inherited_.offers();
    for (const auto& each : open_) {
        net::socket_offer made{each.settings.address, {}};
        for (const auto& sockets : each.sockets) {
            made.sockets.insert(made.sockets.end(), sockets.begin(), sockets.end());
            if (each.is_shared) {
                break; // those of the other loops are the same
            }
        }
        if (!made.name.starts_with("systemd:")) { // else it stands among those that were inherited
            all.push_back(std::move(made));
        }
    }
    return all;
}

void listeners::hand_over(const std::set<std::string>& left) noexcept {
    for (auto& each : open_) {
        if (!left.contains(each.settings.address)) {
            each.file.release();
        }
        each.file = {};
    }
}

listening* listeners::find(const std::string& address) noexcept {
    const auto found = std::ranges::find_if(
        open_, [&](const listening& each) { return each.settings.address == address; });
    return found != open_.end() ? &*found : nullptr;
}

void listeners::stop(worker& on) const {
    for (const auto& each : open_) {
        on.stop_listening(each.number);
    }
}

void listeners::serve(worker& on, net::listener_number first) const {
    for (const auto& each : open_) {
        if (each.number < first) {
            continue;
        }
        for (const int socket : each.sockets[on.index()]) {
            on.listen(socket, each.settings, each.number);
        }
    }
}

void listeners::follow(worker& on, net::listener_number first) const {
    for (const auto& each : open_) {
        if (each.number < first) {
            on.set_listener_settings(each.number, each.settings);
        }
    }
}

const listening& listeners::first() const noexcept {
    const auto tcp = std::ranges::find_if(open_, &listening::is_tcp);
    return tcp != open_.end() ? *tcp : open_.front();
}

void listeners::announce(std::FILE* to) const {
    const auto& told = first();
    for (const auto& each : open_) {
        if (&each != &told) {
            observe::log(observe::level::info, "listens at one more address", {{"at", each.url}});
        }
    }
    std::fprintf(to, "Server started at %s\n", told.url.c_str());
    std::fflush(to);
}

std::string refusal_line(const config::configured& by, const listeners::refusal& why) {
    const auto at = by.place_of("listener." + std::to_string(why.listener + 1) + ".address");
    return config::fault{at, why.what, {}}.line();
}

} // namespace mortise::server
