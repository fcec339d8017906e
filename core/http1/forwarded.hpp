// SPDX-License-Identifier: BSL-1.0
// Who the client is behind proxies: Forwarded (RFC 7239) and X-Forwarded-For.
#pragma once

#include "http/field.hpp"
#include "net/address_block.hpp"

#include <span>
#include <vector>

namespace mortise::http1 {

// The client of a request that came from `peer`. Each proxy has added, at the end, whom it had the
// request from; so the list is walked from its end for as long as the one who has added an element
// is trusted, and nothing that a client has written before that counts.
//
//   X-Forwarded-For: what a client says, CLIENT, PROXY      peer: NEXT PROXY
//                                        ◄────── ◄──────────────── both trusted
//
// Forwarded is taken where there is one, else X-Forwarded-For. An element that is malformed, hides
// its node or does not know it, ends the walk: then the client is who has sent it on. The port is 0
// where none is told.
net::address client_of(std::span<const http::field> fields, const net::address& peer,
                       const std::vector<net::address_block>& trusted_proxies) noexcept;

} // namespace mortise::http1
