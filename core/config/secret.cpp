// SPDX-License-Identifier: BSL-1.0
// Secrets by their names and by their form.
#include "config/secret.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>

namespace mortise::config {

bool sounds_secret(std::string name) {
    static constexpr std::array<std::string_view, 6> marks{"password", "passwd", "passphrase",
                                                           "secret",   "token",  "credential"};
    std::ranges::transform(name, name.begin(), base::to_lower);
    return name.ends_with("key") || std::ranges::any_of(marks, [&](std::string_view mark) {
               return name.find(mark) != name.npos;
           });
}

bool holds_password(std::string_view value) noexcept {
    constexpr std::string_view scheme_end = "://";
    for (auto at = value.find(scheme_end); at != value.npos; at = value.find(scheme_end)) {
        value.remove_prefix(at + scheme_end.size());
        const auto authority = value.substr(0, value.find_first_of("/?# \t\r\n\"'<>"));
        const auto userinfo = authority.substr(0, authority.rfind('@'));
        if (userinfo.size() < authority.size() && userinfo.find(':') != userinfo.npos) {
            return true;
        }
    }
    return false;
}

} // namespace mortise::config
