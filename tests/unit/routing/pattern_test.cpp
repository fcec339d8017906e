// SPDX-License-Identifier: BSL-1.0
// Patterns, and what is said of those that are none.
#include "routing/pattern.hpp"

#include <gtest/gtest.h>

namespace mortise::routing {
namespace {

// "a", "{id}", "{path...}": the segments as parse_pattern() understood them, joined by spaces.
std::string segments_of(std::string_view text) {
    pattern parsed;
    if (const auto fault = parse_pattern(text, parsed); !fault.empty()) {
        return "fault: " + fault;
    }
    std::string shown;
    for (const auto& segment : parsed.segments) {
        const auto shape = segment.kind;
        shown += shape == segment::kind::literal     ? "<" + segment.text + ">"
                 : shape == segment::kind::parameter ? "{" + segment.text + "}"
                                                     : "{" + segment.text + "...}";
    }
    return shown;
}

TEST(Pattern, IsCutAtItsSlashes) {
    EXPECT_EQ(segments_of("/"), "<>");
    EXPECT_EQ(segments_of("/a"), "<a>");
    EXPECT_EQ(segments_of("/a/"), "<a><>");
    EXPECT_EQ(segments_of("/a//b"), "<a><><b>");
    EXPECT_EQ(segments_of("/{id}/x/{path...}"), "{id}<x>{path...}");
    EXPECT_EQ(segments_of("/{_a1}/{B}"), "{_a1}{B}");
}

TEST(Pattern, TakesLiteralsAsTheyReadDecoded) {
    EXPECT_EQ(segments_of("/a b/100%/caf\xc3\xa9/..."), "<a b><100%><caf\xc3\xa9><...>");
}

TEST(Pattern, ForgetsWhatItHeldBefore) {
    pattern parsed;
    ASSERT_EQ(parse_pattern("/a/b", parsed), "");
    ASSERT_EQ(parse_pattern("/c", parsed), "");
    EXPECT_EQ(parsed.segments.size(), 1U);
}

struct refused_case {
    std::string_view text;
    std::string fault;
};
class RefusedPattern : public testing::TestWithParam<refused_case> {};

TEST_P(RefusedPattern, SaysWhatIsRight) {
    EXPECT_EQ(segments_of(GetParam().text), "fault: " + GetParam().fault);
}

const std::string slash = "a pattern begins with /";
const std::string not_a_path = "a pattern is a path, without ? and #";
const std::string whole = "a parameter is a whole segment: write /{name}/";
const std::string not_a_name =
    "a parameter's name is letters, digits and _, and begins with no digit";
INSTANTIATE_TEST_SUITE_P(
    Pattern, RefusedPattern,
    testing::Values(refused_case{"", slash}, refused_case{"a/b", slash}, refused_case{"{a}", slash},
                    refused_case{"/a?b", not_a_path}, refused_case{"/a#b", not_a_path},
                    refused_case{"/a{id}", whole}, refused_case{"/{id}.txt", whole},
                    refused_case{"/{id", whole}, refused_case{"/id}", whole},
                    refused_case{"/{a}{b}", not_a_name}, refused_case{"/{}", not_a_name},
                    refused_case{"/{...}", not_a_name}, refused_case{"/{1a}", not_a_name},
                    refused_case{"/{a-b}", not_a_name}, refused_case{"/{a.b}", not_a_name},
                    refused_case{"/{a~}", not_a_name}, refused_case{"/{a b}", not_a_name},
                    refused_case{"/{\xc3\xa9}", not_a_name}, refused_case{"/{a..}", not_a_name},
                    refused_case{"/{a...}/b", "{a...} takes the rest of the path: put it last"},
                    refused_case{"/{a...}/", "{a...} takes the rest of the path: put it last"},
                    refused_case{"/{a}/{a}", "the name a stands twice: name each parameter once"},
                    refused_case{"/{a}/b/{a...}",
                                 "the name a stands twice: name each parameter once"}));

TEST(Pattern, HasAtMostSixteenParameters) {
    std::string text;
    for (int count = 1; count <= 16; ++count) {
        text += "/{p" + std::to_string(count) + "}";
    }
    EXPECT_FALSE(segments_of(text).starts_with("fault"));
    EXPECT_EQ(segments_of(text + "/{rest...}"), "fault: more than 16 parameters");
}

} // namespace
} // namespace mortise::routing
