// SPDX-License-Identifier: BSL-1.0
// Prometheus' text format: a head for each name, then a line for each number.
#include "plugin/metrics_text.hpp"

#include "plugin/instance.hpp"
#include "plugin/metric.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

namespace mortise::plugin {
namespace {

// Backslash and line feed, and in values the quotation mark, are escaped.
std::string escaped(std::string_view text, bool is_value) {
    std::string made;
    for (const char octet : text) {
        if (octet == '\n') {
            made += "\\n";
            continue;
        }
        if (octet == '\\' || (is_value && octet == '"')) {
            made += '\\';
        }
        made += octet;
    }
    return made;
}

std::string number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 32> room;
    return {room.data(), std::to_chars(room.data(), room.data() + room.size(), value).ptr};
}

// {a="b",le="0.5"}; nothing where there is none.
std::string labels(const metric_description& of, std::string_view bound = {}) {
    std::string made;
    for (const auto& [name, value] : of.labels) {
        made += (made.empty() ? "" : ",") + name + "=\"" + escaped(value, true) + '"';
    }
    if (!bound.empty()) {
        made += made.empty() ? "" : ",";
        made += "le=\"" + std::string{bound} + '"';
    }
    return made.empty() ? made : '{' + made + '}';
}

void write_head(std::string& to, const metric_description& of) {
    constexpr std::array kinds{"counter", "gauge", "histogram"};
    to += "# HELP " + of.name + ' ' + escaped(of.help, false) + '\n';
    to += "# TYPE " + of.name + ' ' + kinds[of.kind] + '\n';
}

void write_histogram(std::string& to, const metric_description& of, const metric::total& total) {
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < total.counts.size(); ++at) {
        count += total.counts[at];
        const std::string bound = at < of.bounds.size() ? number(of.bounds[at]) : "+Inf";
        to += of.name + "_bucket" + labels(of, bound) + ' ' + std::to_string(count) + '\n';
    }
    to += of.name + "_sum" + labels(of) + ' ' + number(total.value) + '\n';
    to += of.name + "_count" + labels(of) + ' ' + std::to_string(count) + '\n';
}

void write_series(std::string& to, const metric& of) {
    const auto& described = of.description();
    const auto total = of.read();
    if (described.kind == MORTISE_METRIC_HISTOGRAM) {
        write_histogram(to, described, total);
        return;
    }
    to += described.name + labels(described) + ' ' +
          (described.kind == MORTISE_METRIC_COUNTER ? std::to_string(total.counts[0])
                                                    : number(total.value)) +
          '\n';
}

} // namespace

std::string metrics_text(std::span<instance* const> instances) {
    std::string text;
    for (const auto& instance : instances) {
        std::vector<const metric*> left;
        for (const auto& each : instance->metrics()) {
            left.push_back(each.get());
        }
        while (!left.empty()) { // all series of a name stand together
            const auto& name = left.front()->description().name;
            write_head(text, left.front()->description());
            std::erase_if(left, [&, name](const metric* each) {
                const bool is_its = each->description().name == name;
                if (is_its) {
                    write_series(text, *each);
                }
                return is_its;
            });
        }
    }
    return text;
}

} // namespace mortise::plugin
