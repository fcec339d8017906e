// SPDX-License-Identifier: BSL-1.0
// Hosts, origins and tokens.
#include "admin/access.hpp"

#include "base/ascii.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstddef>

namespace mortise::admin {

namespace {

// A literal address cannot be made to point elsewhere, as a name can.
bool is_of_this_machine(std::string_view authority) {
    if (authority.starts_with('[')) {
        const auto end = std::min(authority.find(']'), authority.size());
        boost::system::error_code error;
        const auto address =
            boost::asio::ip::make_address_v6(std::string{authority.substr(1, end - 1)}, error);
        const auto rest = authority.substr(std::min(end + 1, authority.size()));
        return !error && end != authority.size() && address.is_loopback() &&
               (rest.empty() || rest.front() == ':');
    }
    const auto name = authority.substr(0, authority.find(':'));
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(std::string{name}, error);
    return base::equal_ignoring_case(name, "localhost") || (!error && address.is_loopback());
}

bool is_change(std::string_view method) {
    return method != "GET" && method != "HEAD";
}

// A page of another site; "none" is the user's own doing.
bool is_asked_by_another_site(const request_head& of) {
    return of.has_origin ||
           (!of.fetch_site.empty() && of.fetch_site != "same-origin" && of.fetch_site != "none");
}

// What health checks ask, which have no secrets to keep.
bool is_for_everybody(std::string_view target) {
    const auto path = target.substr(0, target.find('?'));
    return path == "/healthz" || path == "/readyz";
}

// Takes as long whatever `given` is, but for its length.
bool is_the_token(std::string_view given, std::string_view token) {
    if (given.size() != token.size()) {
        return false;
    }
    unsigned differing = 0;
    for (std::size_t at = 0; at < token.size(); ++at) {
        differing |= static_cast<unsigned char>(given[at]) ^ static_cast<unsigned char>(token[at]);
    }
    return differing == 0;
}

bool has_token(const request_head& of, std::string_view token) {
    constexpr std::string_view scheme = "Bearer ";
    const auto& field = of.authorization;
    return base::equal_ignoring_case(field.substr(0, scheme.size()), scheme) &&
           is_the_token(
               field.substr(std::min(field.find_first_not_of(' ', scheme.size()), field.size())),
               token);
}

} // namespace

std::optional<answer> refusal(const request_head& of, const access& by) {
    if (by.is_by_tcp && !is_of_this_machine(of.host)) {
        return failure(421, "Host names another machine", "ask for localhost, 127.0.0.1 or [::1]");
    }
    if (is_change(of.method) && is_asked_by_another_site(of)) {
        return failure(403, "a page of another site asks for a change",
                       "ask without Origin, as curl does");
    }
    if (!by.is_by_tcp || is_for_everybody(of.target)) {
        return std::nullopt;
    }
    if (by.token.empty()) {
        return failure(403, "only /healthz and /readyz are answered here, since no token is known",
                       "start the host with --admin-token-file, or ask at its control socket");
    }
    if (!has_token(of, by.token)) {
        auto refused = failure(401, "the token is missing or wrong",
                               "send Authorization: Bearer with the host's token");
        refused.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"mortise\"");
        return refused;
    }
    return std::nullopt;
}

} // namespace mortise::admin
