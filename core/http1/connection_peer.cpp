// SPDX-License-Identifier: BSL-1.0
// Who is on the other side of a connection: by its socket, by a proxy's header, by a field.
#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/forwarded.hpp"
#include "http1/workspace.hpp"
#include "net/proxy_header.hpp"
#include "observe/log.hpp"
#include "observe/request_metrics.hpp"

namespace mortise::http1 {

namespace {

// Whoever may connect can provoke it.
observe::limited_log without_header;

} // namespace

void connection::know_peer(const net::address& peer) noexcept {
    peer_ = peer;
    const auto* const trusted = stream_->trusted_proxies();
    is_behind_proxy_ = trusted != nullptr && net::contains(*trusted, peer);
}

// Only a request says whom it comes from.
[[gnu::hot]] net::address connection::client(const exchange* of) const noexcept {
    const auto* const trusted = is_behind_proxy_ ? stream_->trusted_proxies() : nullptr;
    return trusted != nullptr && of != nullptr ? client_of(of->request().fields, peer_, *trusted)
                                               : peer_;
}

// What comes behind the header stands under the same deadline, which began with the connection.
bool connection::take_proxy_header() noexcept {
    if (!header_begun_) {
        const auto header = net::read_proxy_header(unread());
        using state = net::proxy_header::state;
        if (header.now == state::refused) {
            refuse_proxy_header(header.why);
        } else if (header.now == state::incomplete && at_end_ && !unread().empty()) {
            refuse_proxy_header("the connection ended within it");
        }
        if (header.now != state::complete) {
            return false;
        }
        unread().remove_prefix(header.size);
        know_peer(header.client.value_or(peer_));
        header_begun_ = true;
    }
    if (unread().empty()) {
        return false;
    }
    phase_ = phase::head;
    return true;
}

// It ends without an answer: who does not begin like this may speak no HTTP.
void connection::refuse_proxy_header(std::string_view fault) noexcept {
    net::address_text_room room;
    without_header.write(observe::level::warning,
                         "a connection is closed without a sound header of the PROXY protocol",
                         {{"peer", net::address_text(peer_, room)}, {"fault", fault}});
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->refuse_proxy_header();
    }
    broken_ = true;
}

} // namespace mortise::http1
