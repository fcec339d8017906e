// SPDX-License-Identifier: BSL-1.0
// All places where a host listens.
#pragma once

#include "net/handed_sockets.hpp"
#include "net/inherited_sockets.hpp"
#include "server/listening.hpp"

#include <cstddef>
#include <cstdio>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace mortise::config {
struct configured;
}

namespace mortise::server {

class worker;

// Everything [control], but for serve().
class listeners {
public:
    // Takes the sockets that the process was started with.
    listeners() : inherited_{net::inherited_sockets::take_from_environment()} {}

    // Why what is asked for cannot be opened.
    struct refusal {
        std::size_t listener; // its index among those that are asked for
        std::string what;     // a line for people: what is wrong, and what is right
    };

    // Opens each; none of them: the one that settings have by themselves. Takes sockets of `handed`
    // where these listen there already. After an error nothing is open.
    boost::system::result<void, refusal> open(const std::vector<net::listener_settings>& asked,
                                              net::handed_sockets& handed, std::size_t loops);

    // What other places come to. Those that are new are open, and closed with this unless it is
    // taken on.
    class change {
    public:
        change() = default;
        change(change&&) = default;
        change& operator=(change&&) = default;
        ~change();

        std::vector<listening> added;
        std::vector<listening> removed; // once it is taken on
        std::vector<std::string> modes; // likewise: of files, what apply_mode() says
        std::vector<net::listener_settings> asked;
        net::listener_number first = 0; // of those that are new
    };
    // After an error nothing has changed.
    boost::system::result<change, refusal> prepare(const std::vector<net::listener_settings>& asked,
                                                   std::size_t loops) {
        net::handed_sockets none;
        return prepare(asked, none, loops);
    }
    // From here on all() is what was asked for. Loops are still to follow.
    void take_on(change& next);

    // After that with sockets of another host: opens those that loops lack. Before serve().
    void open_missing();
    // Answers for the files of unix sockets.
    void own_files();

    // All sockets, for another process; from hand_over() on that answers for their files, but of
    // offers that it has left, whose files go. Until loops drain.
    std::vector<net::socket_offer> offers() const;
    void hand_over(const std::set<std::string>& left) noexcept;

    // Accepts what waits on `on`, and no more. [loop]
    void stop(worker& on) const;
    // Lets `on` accept on its sockets of each that has this number or a later one. [loop]
    void serve(worker& on, net::listener_number first = 0) const;
    // What settings say now of those with a smaller number holds for their next connections. [loop]
    void follow(worker& on, net::listener_number first) const;

    // Tells where the host serves: on one line on `to` of the first place that has a URL, in the
    // log of all others.
    void announce(std::FILE* to) const;

    // The one that the start line tells of: the first TCP port, or the first of all.
    const listening& first() const noexcept;
    std::span<const listening> all() const noexcept { return open_; }

private:
    boost::system::result<change, refusal> prepare(const std::vector<net::listener_settings>& asked,
                                                   net::handed_sockets& handed, std::size_t loops);
    listening* find(const std::string& address) noexcept;

    net::inherited_sockets inherited_;
    std::vector<listening> open_;
    net::listener_number next_number_ = 0;
};

// The line that says so, with the place in the configuration where that listener stands.
std::string refusal_line(const config::configured& by, const listeners::refusal& why);

} // namespace mortise::server
