// SPDX-License-Identifier: BSL-1.0
// From a text to a listener.
#include "admin/loopback.hpp"

#include "net/loopback.hpp"

#include <cstring>
#include <sstream>
#include <utility>

namespace mortise::admin {

using boost::asio::ip::tcp;

boost::system::result<std::shared_ptr<listener>, std::string>
listen_on_loopback(boost::asio::io_context& control, const std::string& where) {
    const auto at = net::parse_loopback(where);
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

boost::system::result<std::shared_ptr<listener>, std::string>
adopt_on_loopback(boost::asio::io_context& control, const std::string& where,
                  base::descriptor listening) {
    const auto at = net::parse_loopback(where);
    if (!at) {
        return at.error();
    }
    auto made = std::make_shared<listener>(control);
    if (const auto error = made->adopt(at->protocol(), std::move(listening))) {
        return "cannot take over what listens on " + where + ": " + error.message() +
               "; restart the host instead";
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
