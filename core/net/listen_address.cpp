// SPDX-License-Identifier: BSL-1.0
// Telling the three kinds apart, and judging each.
#include "net/listen_address.hpp"

#include "base/decimal.hpp"
#include "net/address.hpp"
#include "net/socket_file.hpp"

#include <arpa/inet.h>
#include <filesystem>
#include <netinet/in.h>
#include <string_view>
#include <utility>

namespace mortise::net {

namespace {

using listen_result = boost::system::result<listen_address, std::string>;

constexpr std::string_view host_name_bytes =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._";

// `why` begins with ": ", or is empty.
std::string no_listen_address(const std::string& text, std::string_view why,
                              std::string_view cure) {
    std::string said = "\"" + text + "\" is no address to listen on";
    said += why;
    said += "; ";
    said += cure;
    return said;
}

// RFC 3986, 3.2.2; a zone may stand behind it.
bool is_v6_host(std::string_view host) noexcept {
    return host.find(':') != host.npos && parse_address(host.substr(0, host.find('%')));
}

// Of digits and dots, it is no name.
bool is_name_or_v4(const std::string& host) noexcept {
    in_addr v4{};
    return !host.empty() && host.find_first_not_of(host_name_bytes) == host.npos &&
           (host.find_first_not_of("0123456789.") != host.npos ||
            ::inet_aton(host.c_str(), &v4) == 1);
}

listen_result parse_tcp(const std::string& text) {
    const auto colon = text.rfind(':');
    std::string host = text.substr(0, colon);
    std::string port = colon == text.npos ? std::string{} : text.substr(colon + 1);
    const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
    if (is_bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    if ((is_bracketed ? is_v6_host(host) : is_name_or_v4(host)) &&
        base::parse_decimal(port).value_or(65536) <= 65535) {
        return listen_address{listen_address::kind::tcp, std::move(host), std::move(port)};
    }
    return no_listen_address(text, {},
                             "write NAME:PORT, 127.0.0.1:8080, [::1]:8080, unix:/path/file.sock or "
                             "systemd:NAME, with a port from 0 to 65535");
}

listen_result parse_local(const std::string& text, std::string file) {
    constexpr std::string_view right = "write unix:/path/file.sock";
    const std::filesystem::path path{file};
    if (!path.is_absolute()) {
        return no_listen_address(text, ": the path does not begin at the root", right);
    }
    if (!path.has_filename()) {
        return no_listen_address(text, ": the path is that of a directory", right);
    }
    if (auto fault = judge_socket_path(file); !fault.empty()) {
        return fault;
    }
    return listen_address{listen_address::kind::local, std::move(file), {}};
}

// systemd.socket(5), FileDescriptorName=.
listen_result parse_inherited(const std::string& text, std::string name) {
    if (name.empty()) {
        return no_listen_address(text, ": it names no socket", "write systemd:NAME");
    }
    if (name.find(':') != name.npos) {
        return no_listen_address(text, ": the name of a socket has no colon", "write systemd:NAME");
    }
    return listen_address{listen_address::kind::inherited, std::move(name), {}};
}

} // namespace

listen_result listen_address::parse(const std::string& text) {
    constexpr std::string_view unix_prefix = "unix:";
    constexpr std::string_view systemd_prefix = "systemd:";
    if (text.starts_with(unix_prefix)) {
        return parse_local(text, text.substr(unix_prefix.size()));
    }
    if (text.starts_with(systemd_prefix)) {
        return parse_inherited(text, text.substr(systemd_prefix.size()));
    }
    return parse_tcp(text);
}

} // namespace mortise::net
