// SPDX-License-Identifier: BSL-1.0
// Telling the three kinds apart, and judging each.
#include "net/listen_address.hpp"

#include "base/decimal.hpp"
#include "net/address.hpp"
#include "net/socket_file.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <filesystem>
#include <netinet/in.h>
#include <string_view>
#include <utility>
#include <vector>

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

// An IPv4 address in the form of IPv6, at which a socket of IPv6 alone cannot listen. RFC
// 4291, 2.5.5
bool is_mapped(const std::string& host) noexcept {
    in6_addr v6{};
    return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_V4MAPPED(&v6);
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
    if (is_bracketed && is_mapped(host)) {
        return no_listen_address(text, ": the address is one of IPv4",
                                 "write it in that form, such as 127.0.0.1:8080");
    }
    if ((is_bracketed ? is_v6_host(host) : is_name_or_v4(host)) &&
        base::parse_decimal(port).value_or(65536) <= 65535) {
        port.erase(0, std::min(port.find_first_not_of('0'), port.size() - 1)); // 080 is 80
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

// Without asking: whether localhost is ::1 too, each machine says for itself.
std::string address_of(const std::string& host) {
    return host == "localhost" ? "127.0.0.1" : host;
}

// Each family for itself: the wildcard of IPv6 takes nothing of IPv4.
bool hosts_meet(const std::string& one, const std::string& other) {
    if (one == other) {
        return true;
    }
    const bool is_v6 = one.find(':') != one.npos;
    in_addr v4{};
    const bool are_addresses =
        is_v6 == (other.find(':') != other.npos) &&
        (is_v6 || (::inet_aton(one.c_str(), &v4) == 1 && ::inet_aton(other.c_str(), &v4) == 1));
    const std::string_view any = is_v6 ? "::" : "0.0.0.0";
    return are_addresses && (one == any || other == any);
}

} // namespace

bool meet(const listen_address& one, const listen_address& other) {
    using kind = listen_address::kind;
    if (one.is != other.is) {
        return false;
    }
    if (one.is == kind::local) {
        return std::filesystem::path{one.name}.lexically_normal() ==
               std::filesystem::path{other.name}.lexically_normal();
    }
    if (one.is == kind::inherited) {
        return one.name == other.name;
    }
    return one.port == other.port && one.port != "0" &&
           hosts_meet(address_of(one.name), address_of(other.name));
}

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
