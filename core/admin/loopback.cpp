// SPDX-License-Identifier: BSL-1.0
// From a text to a listener.
#include "admin/loopback.hpp"

#include "base/decimal.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <string_view>

namespace mortise::admin {

namespace {

using boost::asio::ip::tcp;

constexpr auto right = "write 127.0.0.1:9090 or [::1]:9090";

} // namespace

boost::system::result<tcp::endpoint, std::string> parse_loopback(const std::string& text) {
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

boost::system::result<std::shared_ptr<listener>, std::string>
listen_on_loopback(boost::asio::io_context& control, const std::string& where) {
    const auto at = parse_loopback(where);
    if (!at) {
        return at.error();
    }
    auto made = std::make_shared<listener>(control);
    if (const auto error = made->open(*at)) {
        return "cannot listen for commands on " + where + ": " + error.message() +
               "; choose another address with --admin-listen";
    }
    return made;
}

std::string url_of(const listener& at) {
    const auto generic = at.local_endpoint();
    tcp::endpoint real;
    std::memcpy(real.data(), generic.data(), generic.size());
    real.resize(generic.size());
    std::ostringstream text;
    text << "http://" << real << '/';
    return text.str();
}

} // namespace mortise::admin
