// SPDX-License-Identifier: BSL-1.0
// Edit distance: letters put in, left out, changed, or swapped with their neighbour.
#include "config/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace mortise::config {

namespace {

std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::vector<std::size_t>> rows(left.size() + 1,
                                               std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i) {
        for (std::size_t j = 0; j <= right.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            const std::size_t changed = left[i - 1] == right[j - 1] ? 0 : 1;
            rows[i][j] =
                std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + changed});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
    }
    return rows[left.size()][right.size()];
}

constexpr std::size_t longest_name = 64;

} // namespace

std::string nearest(std::string_view text, std::span<const std::string> known) {
    std::string found;
    if (text.size() > longest_name) {
        return found;
    }
    std::size_t least = std::max<std::size_t>(2, text.size() / 3) + 1;
    for (const std::string& each : known) {
        const auto far = distance(text, each);
        if (far < least && far < each.size()) {
            least = far;
            found = each;
        }
    }
    return found;
}

std::string advice(std::string_view text, std::span<const std::string> known) {
    if (auto meant = nearest(text, known); !meant.empty()) {
        return "did you mean " + meant + "?";
    }
    if (known.empty()) {
        return "there are none";
    }
    std::string all;
    for (const std::string& each : known) {
        all += (all.empty() ? "" : ", ") + each;
    }
    return "there are " + all;
}

} // namespace mortise::config
