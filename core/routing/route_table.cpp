// SPDX-License-Identifier: BSL-1.0
// Compiling routes, and looking requests up.
#include "routing/route_table.hpp"

#include "base/ascii.hpp"
#include "http/authority.hpp"
#include "http/percent.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mortise::routing {

namespace {

constexpr method_set bit(http::method method) noexcept {
    return method_set{1} << static_cast<unsigned>(method);
}

std::string lower(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), base::to_lower);
    return result;
}

// Where most look-ups of what is no literal end, without comparing a byte.
constexpr std::uint64_t size_bit(std::string_view text) noexcept {
    return std::uint64_t{1} << (text.size() % 64);
}

// The order of a node's literals: the shorter first, which mostly decides.
bool is_before(const std::pair<std::string, std::uint32_t>& entry, std::string_view text) noexcept {
    return entry.first.size() != text.size() ? entry.first.size() < text.size()
                                             : entry.first < text;
}

bool ends_with_ignoring_case(std::string_view text, std::string_view end) noexcept {
    return text.size() > end.size() &&
           base::equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

// What is wrong with a route's method or host; empty if nothing is.
std::string judge(const route& wanted) {
    if (http::parse_method(wanted.method) == http::method::unknown) {
        return "the method \"" + wanted.method + "\" is not known: use one of RFC 9110 in capitals";
    }
    const std::string_view host = wanted.host;
    const auto plain = host.starts_with("*.") ? host.substr(2) : host;
    if (!host.empty()) {
        const auto split = http::split_authority(plain);
        if (!split || split->host != plain || plain.find('*') != plain.npos) {
            return "the host \"" + wanted.host + "\" is neither a name nor *.name, without a port";
        }
    }
    return {};
}

} // namespace

std::uint32_t route_table::add_node() {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

std::uint32_t route_table::root_of(const std::string& host_name) {
    if (host_name.empty()) {
        return any_host_ == none ? any_host_ = add_node() : any_host_;
    }
    const bool wildcard = host_name.starts_with("*.");
    const std::string name = lower(wildcard ? host_name.substr(1) : host_name);
    const auto known = std::find_if(hosts_.begin(), hosts_.end(), [&](const host& one) {
        return one.wildcard == wildcard && one.name == name;
    });
    if (known != hosts_.end()) {
        return known->root;
    }
    const std::uint32_t root = add_node();
    hosts_.push_back({name, wildcard, root});
    std::sort(hosts_.begin(), hosts_.end(), [](const host& left, const host& right) {
        return std::pair{left.wildcard, right.name.size()} <
               std::pair{right.wildcard, left.name.size()};
    });
    return root;
}

std::uint32_t route_table::descend(std::uint32_t from, const segment& segment) {
    if (segment.kind != segment::kind::literal) {
        const auto member = segment.kind == segment::kind::rest ? &node::rest : &node::parameter;
        if (nodes_[from].*member == none) {
            const auto added = add_node();
            nodes_[from].*member = added;
        }
        return nodes_[from].*member;
    }
    auto& literals = nodes_[from].literals;
    const auto place = std::lower_bound(literals.begin(), literals.end(), segment.text, is_before);
    if (place != literals.end() && place->first == segment.text) {
        return place->second;
    }
    const auto index = place - literals.begin();
    const auto added = add_node();
    auto& parent = nodes_[from]; // add_node() may have moved the nodes
    parent.literals.insert(parent.literals.begin() + index, {segment.text, added});
    parent.literal_sizes |= size_bit(segment.text);
    return added;
}

route_table route_table::compile(std::span<const route> routes, std::vector<route_fault>& faults) {
    route_table table;
    for (std::size_t at = 0; at < routes.size(); ++at) {
        const auto& wanted = routes[at];
        const auto refuse = [&](const std::string& why, std::string cure) {
            faults.push_back({at,
                              "route " + wanted.method + " " + wanted.host + wanted.pattern +
                                  " of " + wanted.owner + " " + why,
                              std::move(cure)});
        };
        pattern parsed;
        auto fault = judge(wanted);
        if (fault.empty()) {
            fault = parse_pattern(wanted.pattern, parsed);
        }
        if (!fault.empty()) {
            refuse("breaks a rule", fault);
            continue;
        }
        endpoint added{http::parse_method(wanted.method),
                       wanted.handler,
                       {wanted.pattern, wanted.counted},
                       {},
                       false};
        auto place = table.root_of(wanted.host);
        for (const auto& segment : parsed.segments) {
            place = table.descend(place, segment);
            if (segment.kind != segment::kind::literal) {
                added.names.push_back(segment.text);
                added.takes_rest = segment.kind == segment::kind::rest;
            }
        }
        auto& node = table.nodes_[place];
        const auto same = std::find_if(node.endpoints.begin(), node.endpoints.end(), [&](auto one) {
            return table.endpoints_[one].method == added.method;
        });
        if (same != node.endpoints.end()) {
            const auto& other = routes[table.owners_[*same]];
            refuse("conflicts with " + other.pattern + " of " + other.owner,
                   "change one of the patterns, or take one of the plugins away");
            continue;
        }
        node.endpoints.push_back(static_cast<std::uint32_t>(table.endpoints_.size()));
        node.methods |= bit(added.method);
        table.methods_ |= bit(added.method);
        table.endpoints_.push_back(std::move(added));
        table.owners_.push_back(at);
    }
    return table;
}

// One walk through one host's tree.
class route_table::search {
public:
    search(const route_table& table, const http::request& request, base::arena& memory,
           std::span<std::string_view> values) noexcept
        : table_{table},
          method_{request.method},
          is_escaped_{request.is_path_escaped},
          memory_{memory},
          values_{values} {}

    // `rest` begins behind the slash that led to `node`. True: found.
    [[gnu::hot]] bool walk(const node& here, std::string_view rest, std::size_t value_count) {
        const auto raw = first_segment(rest);
        const bool is_last = raw.size() == rest.size();
        const auto next = is_last ? std::string_view{} : rest.substr(raw.size() + 1);
        if (!here.literals.empty()) {
            const auto text = is_escaped_ ? http::percent_decode(raw, memory_) : raw;
            if (const auto* const child = literal(here, text)) {
                if (is_last ? take(*child) : walk(*child, next, value_count)) {
                    return true;
                }
            }
        }
        if (here.parameter != none && !raw.empty()) {
            values_[value_count] = raw;
            const auto& child = table_.nodes_[here.parameter];
            if (is_last ? take(child) : walk(child, next, value_count + 1)) {
                return true;
            }
        }
        if (here.rest != none) {
            values_[value_count] = rest;
            return take(table_.nodes_[here.rest]);
        }
        return false;
    }

    const match& result() const noexcept { return match_; }

private:
    static std::string_view first_segment(std::string_view rest) noexcept {
        const char* const end = rest.data() + rest.size();
        const char* at = rest.data();
        while (at != end && *at != '/') {
            ++at;
        }
        return {rest.data(), at};
    }

    const node* literal(const node& here, std::string_view text) const noexcept {
        if ((here.literal_sizes & size_bit(text)) == 0) {
            return nullptr;
        }
        const auto place =
            std::lower_bound(here.literals.begin(), here.literals.end(), text, is_before);
        return place != here.literals.end() && place->first == text ? &table_.nodes_[place->second]
                                                                    : nullptr;
    }

    bool take(const node& here) noexcept {
        match_.known |= here.methods;
        return take(here, method_) ||
               (method_ == http::method::head && take(here, http::method::get));
    }

    bool take(const node& here, http::method method) noexcept {
        for (const auto index : here.endpoints) {
            if (table_.endpoints_[index].method == method) {
                match_.found = &table_.endpoints_[index];
                return true;
            }
        }
        return false;
    }

    const route_table& table_;
    http::method method_;
    bool is_escaped_;
    base::arena& memory_;
    std::span<std::string_view> values_;
    match match_;
};

route_table::match route_table::find(const http::request& request, base::arena& memory,
                                     std::span<std::string_view> values) const {
    search looking{*this, request, memory, values};
    const auto path = request.path.substr(1);
    if (!hosts_.empty()) {
        const auto split = http::split_authority(request.authority);
        const auto name = split ? split->host : std::string_view{};
        for (const auto& one : hosts_) {
            const bool meant = one.wildcard ? ends_with_ignoring_case(name, one.name)
                                            : base::equal_ignoring_case(name, one.name);
            if (meant && looking.walk(nodes_[one.root], path, 0)) {
                return looking.result();
            }
        }
    }
    if (any_host_ != none) {
        looking.walk(nodes_[any_host_], path, 0);
    }
    return looking.result();
}

std::string_view allow_value(method_set known, base::arena& memory) {
    known |= bit(http::method::options);
    if ((known & bit(http::method::get)) != 0) {
        known |= bit(http::method::head);
    }
    std::array<std::string_view, 64> names;
    std::size_t count = 0;
    std::size_t size = 0;
    for (unsigned number = 1; number < 64; ++number) {
        if ((known & (method_set{1} << number)) != 0) {
            names[count] = http::method_name(static_cast<http::method>(number));
            size += names[count++].size() + 2;
        }
    }
    std::sort(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count));
    const auto room = memory.array<char>(size);
    char* at = room.data();
    for (std::size_t index = 0; index < count; ++index) {
        at = std::copy(names[index].begin(), names[index].end(), at);
        *at++ = ',';
        *at++ = ' ';
    }
    return {room.data(), size - 2};
}

} // namespace mortise::routing
