// SPDX-License-Identifier: BSL-1.0
// Prometheus' text format, version 0.0.4: a head for each name, then a line for each number.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace mortise::observe {

enum class metric_kind : std::uint8_t { counter, gauge, histogram };

struct metric_label {
    std::string_view name;
    std::string_view value;
};
using metric_labels = std::span<const metric_label>;

// Thread: its owner's. All series of a name follow its head.
class prometheus_text {
public:
    void head(std::string_view name, metric_kind kind, std::string_view help);
    void line(std::string_view name, metric_labels labels, std::uint64_t value);
    void line(std::string_view name, metric_labels labels, double value);
    // The lines of one series; `counts` are those of each bound alone, and one above.
    void histogram(std::string_view name, metric_labels labels, std::span<const double> bounds,
                   std::span<const std::uint64_t> counts, double sum);

    // A name with one number.
    template <class Value>
    void single(std::string_view name, metric_kind kind, std::string_view help, Value value) {
        head(name, kind, help);
        line(name, {}, value);
    }

    std::string& text() noexcept { return text_; }

private:
    void begin_line(std::string_view name, std::string_view suffix, metric_labels labels,
                    std::string_view bound = {});

    std::string text_;
};

} // namespace mortise::observe
