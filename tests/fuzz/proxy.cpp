// SPDX-License-Identifier: BSL-1.0
// The PROXY protocol's header: one verdict however the input is cut, and never beyond its bounds.
#include "fuzz.hpp"
#include "net/proxy_header.hpp"

#include <algorithm>

namespace {

using namespace mortise;
using mortise::fuzz::claim;
using state = net::proxy_header::state;

void claim_bounds(const net::proxy_header& found, std::size_t given) {
    claim(found.now != state::incomplete || given < net::proxy_header::largest,
          "the longest header is judged");
    claim(found.now != state::complete || (found.size >= 15 && found.size <= given),
          "a header lies within the bytes, and is no shorter than the shortest");
    claim(found.now != state::complete || found.size <= net::proxy_header::largest,
          "no header is longer than the longest");
    claim(!found.client || found.now == state::complete, "only a whole header names a client");
    claim(!found.client || found.client->family == net::address_family::v4 ||
              found.client->family == net::address_family::v6,
          "a client has an IP address");
    claim((found.now == state::refused) != found.why.empty(), "a refusal has a reason");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const auto whole = net::read_proxy_header(bytes);
    claim_bounds(whole, size);
    fuzz::cutter cut{static_cast<std::uint32_t>(size)};
    for (std::size_t given = 0; given < size; given = std::min(size, given + cut.next())) {
        const auto part = net::read_proxy_header(bytes.substr(0, given));
        claim_bounds(part, given);
        if (part.now != state::incomplete) {
            claim(part.now == whole.now && part.size == whole.size && part.client == whole.client &&
                      part.why == whole.why,
                  "further bytes change no verdict");
            break;
        }
    }
    return 0;
}
