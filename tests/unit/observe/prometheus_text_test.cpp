// SPDX-License-Identifier: BSL-1.0
// The text format, character by character.
#include "observe/prometheus_text.hpp"

#include <array>
#include <gtest/gtest.h>
#include <limits>

namespace mortise::observe {
namespace {

TEST(PrometheusText, EscapesHelpAndValues) {
    prometheus_text to;
    to.head("a_total", metric_kind::counter, "what is\\this\nfor, \"you\"");
    const std::array<metric_label, 2> labels{{{"b", "c \"d\"\\\n"}, {"e", ""}}};
    to.line("a_total", labels, std::uint64_t{7});
    EXPECT_EQ(to.text(), "# HELP a_total what is\\\\this\\nfor, \"you\"\n"
                         "# TYPE a_total counter\n"
                         "a_total{b=\"c \\\"d\\\"\\\\\\n\",e=\"\"} 7\n");
}

TEST(PrometheusText, WritesNumbersThatAreNone) {
    prometheus_text to;
    for (const double value :
         {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
          std::numeric_limits<double>::quiet_NaN(), 0.25}) {
        to.line("a", {}, value);
    }
    EXPECT_EQ(to.text(), "a +Inf\na -Inf\na NaN\na 0.25\n");
}

TEST(PrometheusText, AddsUpTheBucketsOfAHistogram) {
    prometheus_text to;
    const std::array<metric_label, 1> labels{{{"b", "c"}}};
    constexpr std::array<double, 2> bounds{1, 2.5};
    constexpr std::array<std::uint64_t, 3> counts{1, 0, 3};
    to.histogram("a", labels, bounds, counts, 9.5);
    EXPECT_EQ(to.text(), "a_bucket{b=\"c\",le=\"1\"} 1\n"
                         "a_bucket{b=\"c\",le=\"2.5\"} 1\n"
                         "a_bucket{b=\"c\",le=\"+Inf\"} 4\n"
                         "a_sum{b=\"c\"} 9.5\n"
                         "a_count{b=\"c\"} 4\n");
}

} // namespace
} // namespace mortise::observe
