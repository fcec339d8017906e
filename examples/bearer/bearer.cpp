// SPDX-License-Identifier: BSL-1.0
// A filter that lets in who brings a token (RFC 6750), whatever the request asks for.
#include <mortise/sdk.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <strings.h>
#include <vector>

namespace {

// "a,b": the tokens that are let in.
std::vector<std::string> read_tokens(std::string_view text) {
    std::vector<std::string> tokens;
    while (!text.empty()) {
        const auto end = text.find(',');
        if (end == 0) {
            throw std::invalid_argument{"key \"tokens\" has an empty token"};
        }
        tokens.emplace_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    if (tokens.empty()) {
        throw std::invalid_argument{"key \"tokens\" has no token; nobody would be let in"};
    }
    return tokens;
}

// Takes as long whatever the two have in common, so that time tells nothing of a token.
bool is_same(std::string_view left, std::string_view right) {
    unsigned difference = left.size() != right.size();
    for (std::size_t at = 0; at != left.size(); ++at) {
        const char other = right.empty() ? '\0' : right[at % right.size()];
        difference |= static_cast<unsigned char>(left[at] ^ other);
    }
    return difference == 0;
}

// The token of "Bearer TOKEN"; the scheme is compared without regard to case (RFC 9110, 11.1).
std::optional<std::string_view> token_of(std::string_view credentials) {
    constexpr std::string_view scheme = "Bearer ";
    if (credentials.size() < scheme.size() ||
        ::strncasecmp(credentials.data(), scheme.data(), scheme.size()) != 0) {
        return std::nullopt;
    }
    credentials.remove_prefix(scheme.size());
    credentials.remove_prefix(std::min(credentials.find_first_not_of(' '), credentials.size()));
    return credentials;
}

} // namespace

class bearer {
public:
    explicit bearer(const mortise::config& config)
        : tokens_{read_tokens(config.get("tokens"))}, log_{config.log()} {}

    void filters(mortise::filters& in) {
        in.on_both(
            "bearer", [this](const mortise::request& request) { return judge(request); },
            // What was let in by a token is for nobody else: no shared cache may keep it.
            [](const mortise::request&, mortise::response_head& head) {
                if (!head.field("Cache-Control")) {
                    head.set_field("Cache-Control", "private");
                }
            });
    }

private:
    std::optional<mortise::response> judge(const mortise::request& request) const {
        const auto token = token_of(request.field("Authorization").value_or(""));
        if (!token) {
            return challenge("Bearer");
        }
        bool is_known = false;
        for (const std::string& each : tokens_) {
            is_known = is_same(*token, each) || is_known;
        }
        if (!is_known) {
            log_.warning("a token was refused", mortise::named("path", request.path()));
            return challenge("Bearer error=\"invalid_token\"");
        }
        return std::nullopt; // it goes on
    }

    static mortise::response challenge(std::string_view how) {
        return mortise::text("A token is needed\n")
            .with_status(401)
            .with_field("WWW-Authenticate", how);
    }

    std::vector<std::string> tokens_;
    mortise::log log_;
};

MORTISE_PLUGIN(bearer, "bearer", "1.0.0")
