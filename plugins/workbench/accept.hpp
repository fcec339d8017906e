// SPDX-License-Identifier: BSL-1.0
// Whether a client would rather have a page than a text.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace mortise::workbench {

// Up to `end`, without the spaces around; `rest` begins behind it.
inline std::string_view next_part(std::string_view& rest, char end) {
    const auto size = std::min(rest.find(end), rest.size());
    std::string_view part = rest.substr(0, size);
    rest.remove_prefix(std::min(size + 1, rest.size()));
    const auto is_space = [](char each) { return each == ' ' || each == '\t'; };
    while (!part.empty() && is_space(part.front())) {
        part.remove_prefix(1);
    }
    while (!part.empty() && is_space(part.back())) {
        part.remove_suffix(1);
    }
    return part;
}

inline bool is_same(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](unsigned char one, unsigned char other) {
        return std::tolower(one) == std::tolower(other);
    });
}

// "0.75" in thousandths (RFC 9110, 12.4.2); what is malformed is 0.
inline int weight_of(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.') ||
        (text.front() != '0' && text.front() != '1')) {
        return 0;
    }
    int weight = (text.front() - '0') * 1000;
    int place = 100;
    for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (digit < '0' || digit > '9') {
            return 0;
        }
        weight += (digit - '0') * place;
        place /= 10;
    }
    return std::min(weight, 1000);
}

// By RFC 9110, 12.5.1: text/html is named there, and no less wanted than text/plain, whose weight
// may be that of text/* or */*.
inline bool prefers_html(std::string_view accept) {
    int html = 0;
    int plain = 0;
    int how_exact = 0; // the range that `plain` is of
    while (!accept.empty()) {
        std::string_view member = next_part(accept, ',');
        const std::string_view range = next_part(member, ';');
        int weight = 1000;
        while (!member.empty()) {
            const std::string_view parameter = next_part(member, ';');
            if (parameter.size() > 2 && is_same(parameter.substr(0, 2), "q=")) {
                weight = weight_of(parameter.substr(2));
            }
        }
        const int exact = is_same(range, "text/plain") ? 3
                          : is_same(range, "text/*")   ? 2
                          : is_same(range, "*/*")      ? 1
                                                       : 0;
        if (is_same(range, "text/html")) {
            html = weight;
        } else if (exact > how_exact) {
            how_exact = exact;
            plain = weight;
        }
    }
    return html > 0 && html >= plain;
}

} // namespace mortise::workbench
