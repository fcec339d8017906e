// SPDX-License-Identifier: BSL-1.0
// Beyond its texts, JSON is ASCII: so all of it is looked at as one.
#include "admin/json_text.hpp"

#include "base/utf8.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string_view>

namespace mortise::admin {

std::string json_text(const boost::json::object& content) {
    const std::string serialized = boost::json::serialize(content);
    const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
    if (std::ranges::all_of(serialized, is_ascii)) {
        return serialized;
    }
    std::string made;
    for (std::string_view rest = serialized; !rest.empty();) {
        const auto size = is_ascii(rest.front()) ? 1 : base::utf8_sequence_size(rest);
        made += size != 0 ? rest.substr(0, size) : "\xef\xbf\xbd";
        rest.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return made;
}

} // namespace mortise::admin
