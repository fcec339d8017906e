// SPDX-License-Identifier: BSL-1.0
// An address and a port.
#include "net/loopback.hpp"

#include "base/decimal.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace mortise::net {

using boost::asio::ip::tcp;

boost::system::result<tcp::endpoint, std::string> parse_loopback(const std::string& text) {
    constexpr auto right = "write 127.0.0.1:9090 or [::1]:9090";
    const auto colon = std::min(text.rfind(':'), text.size());
    std::string host = text.substr(0, colon);
    const bool is_v6 = host.starts_with('[') && host.ends_with(']');
    if (is_v6) {
        host = host.substr(1, host.size() - 2);
    }
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    const auto port =
        base::parse_decimal(std::string_view{text}.substr(std::min(colon + 1, text.size())));
    if (error || address.is_v6() != is_v6 || port.value_or(65536) > 65535) {
        return "\"" + text + "\" is no address and port; " + right;
    }
    if (!address.is_loopback()) {
        return "\"" + text +
               "\" is no address of loopback: what is asked there, and the token with it, is not "
               "encrypted; " +
               right + ", and reach it from elsewhere by ssh";
    }
    return tcp::endpoint{address, static_cast<std::uint16_t>(*port)};
}

} // namespace mortise::net
