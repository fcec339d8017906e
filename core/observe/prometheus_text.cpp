// SPDX-License-Identifier: BSL-1.0
// Escaping and numbers of the text format.
#include "observe/prometheus_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace mortise::observe {

namespace {

// Backslash and line feed, and in values the quotation mark, are escaped.
void append_text(std::string& to, std::string_view text, bool is_value) {
    for (const char octet : text) {
        if (octet == '\n') {
            to += "\\n";
            continue;
        }
        if (octet == '\\' || (is_value && octet == '"')) {
            to += '\\';
        }
        to += octet;
    }
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

} // namespace

void prometheus_text::head(std::string_view name, metric_kind kind, std::string_view help) {
    constexpr std::array<std::string_view, 3> kinds{"counter", "gauge", "histogram"};
    text_.append("# HELP ").append(name) += ' ';
    append_text(text_, help, false);
    text_.append("\n# TYPE ").append(name) += ' ';
    text_.append(kinds[static_cast<std::size_t>(kind)]) += '\n';
}

// `bound` is that of a histogram's line; empty: none.
void prometheus_text::begin_line(std::string_view name, std::string_view suffix,
                                 metric_labels labels, std::string_view bound) {
    text_.append(name).append(suffix);
    char before = '{';
    const auto append = [&](std::string_view label, std::string_view value) {
        text_ += before;
        text_.append(label).append("=\"");
        append_text(text_, value, true);
        text_ += '"';
        before = ',';
    };
    for (const auto& [label, value] : labels) {
        append(label, value);
    }
    if (!bound.empty()) {
        append("le", bound);
    }
    text_.append(before == '{' ? " " : "} ");
}

void prometheus_text::line(std::string_view name, metric_labels labels, std::uint64_t value) {
    begin_line(name, {}, labels);
    text_.append(std::to_string(value)) += '\n';
}

void prometheus_text::line(std::string_view name, metric_labels labels, double value) {
    begin_line(name, {}, labels);
    text_.append(number(value)) += '\n';
}

void prometheus_text::histogram(std::string_view name, metric_labels labels,
                                std::span<const double> bounds,
                                std::span<const std::uint64_t> counts, double sum) {
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < counts.size(); ++at) {
        count += counts[at];
        begin_line(name, "_bucket", labels, at < bounds.size() ? number(bounds[at]) : "+Inf");
        text_.append(std::to_string(count)) += '\n';
    }
    begin_line(name, "_sum", labels);
    text_.append(number(sum)) += '\n';
    begin_line(name, "_count", labels);
    text_.append(std::to_string(count)) += '\n';
}

} // namespace mortise::observe
