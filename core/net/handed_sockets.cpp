// SPDX-License-Identifier: BSL-1.0
// Finding sockets by what they are wanted for.
#include "net/handed_sockets.hpp"

#include "net/listener.hpp"

#include <algorithm>
#include <iterator>

namespace mortise::net {

namespace {

std::vector<base::descriptor> sockets_of(auto entries) {
    std::vector<base::descriptor> found;
    for (auto& each : entries) {
        found.push_back(std::move(each.socket));
    }
    return found;
}

bool listens_at(int socket, const boost::asio::ip::tcp::endpoint& at) {
    const auto real = local_endpoint(socket);
    return real && real->address() == at.address() && (at.port() == 0 || real->port() == at.port());
}

} // namespace

template <class Judge>
std::vector<handed_sockets::entry> handed_sockets::take_where(Judge judge) {
    const auto first = std::stable_partition(entries_.begin(), entries_.end(),
                                             [&](const entry& each) { return !judge(each); });
    std::vector<entry> found{std::move_iterator{first}, std::move_iterator{entries_.end()}};
    entries_.erase(first, entries_.end());
    return found;
}

std::vector<std::string> handed_sockets::names() const {
    std::vector<std::string> all;
    std::ranges::transform(entries_, std::back_inserter(all), &entry::name);
    return all;
}

std::vector<base::descriptor> handed_sockets::take(std::string_view name) {
    return sockets_of(take_where([name](const entry& each) { return each.name == name; }));
}

base::descriptor handed_sockets::take_one(std::string_view name) {
    auto found = take(name);
    return found.empty() ? base::descriptor{} : std::move(found.front());
}

std::vector<base::descriptor> handed_sockets::take(std::string_view name,
                                                   const boost::asio::ip::tcp::endpoint& at) {
    return sockets_of(take_where([&](const entry& each) {
        return (at.port() != 0 || each.name == name) && listens_at(each.socket.number(), at);
    }));
}

std::vector<std::pair<std::string, base::descriptor>>
handed_sockets::take_all(std::string_view prefix) {
    std::vector<std::pair<std::string, base::descriptor>> found;
    for (auto& each :
         take_where([prefix](const entry& one) { return one.name.starts_with(prefix); })) {
        found.emplace_back(each.name.substr(prefix.size()), std::move(each.socket));
    }
    return found;
}

} // namespace mortise::net
