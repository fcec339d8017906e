// SPDX-License-Identifier: BSL-1.0
// Targets in their four forms, the paths that come of them, and why one is refused.
#include "http/target.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace mortise::http {
namespace {

struct target_case {
    std::string text;
    std::string path;
    std::string query = {};
    std::string authority = {};
};
void PrintTo(const target_case& shown, std::ostream* out) {
    *out << shown.text;
}

class Target : public testing::TestWithParam<target_case> {};

TEST_P(Target, IsSplitAndNormalised) {
    base::arena memory;
    target out;
    ASSERT_EQ(read_target(GetParam().text, method::get, memory, out), nullptr);
    EXPECT_EQ(out.path, GetParam().path);
    EXPECT_EQ(out.query, GetParam().query);
    EXPECT_EQ(out.authority, GetParam().authority);
    EXPECT_EQ(out.is_path_escaped, out.path.find('%') != out.path.npos);
}

// A normalised path is its own normal form.
TEST_P(Target, StaysWhatItIsWhenReadAgain) {
    base::arena memory;
    target once;
    ASSERT_EQ(read_target(GetParam().text, method::get, memory, once), nullptr);
    target twice;
    ASSERT_EQ(read_target(once.path, method::get, memory, twice), nullptr);
    EXPECT_EQ(twice.path, once.path);
}

INSTANTIATE_TEST_SUITE_P(
    OriginForm, Target,
    testing::Values(target_case{"/", "/"}, target_case{"/a/b", "/a/b"}, target_case{"/a/", "/a/"},
                    target_case{"/a?", "/a"}, target_case{"/a?b=c&d", "/a", "b=c&d"},
                    target_case{"/a?b?c/../d", "/a", "b?c/../d"},
                    target_case{"/?q=%2F%00", "/", "q=%2F%00"}, target_case{"//a", "//a"},
                    target_case{"/a//b", "/a//b"}, target_case{"/http://a", "/http://a"},
                    target_case{"/a;v=1,2:@!$&'()*+=", "/a;v=1,2:@!$&'()*+="}));

INSTANTIATE_TEST_SUITE_P(
    AbsoluteForm, Target, // RFC 9112, 3.2.2
    testing::Values(target_case{"http://a.org/b?c", "/b", "c", "a.org"},
                    target_case{"HTTPS://a.org:8080/b/../c", "/c", "", "a.org:8080"},
                    target_case{"http://[::1]:80/", "/", "", "[::1]:80"},
                    target_case{"http://a.org", "/", "", "a.org"},
                    target_case{"http://a.org?c", "/", "c", "a.org"},
                    target_case{"http://a.org/http://b", "/http://b", "", "a.org"}));

INSTANTIATE_TEST_SUITE_P(
    DotSegments, Target, // RFC 3986, 5.2.4
    testing::Values(target_case{"/.", "/"}, target_case{"/..", "/"}, target_case{"/./", "/"},
                    target_case{"/../", "/"}, target_case{"/../../a", "/a"},
                    target_case{"/a/.", "/a/"}, target_case{"/a/..", "/"},
                    target_case{"/a/./b", "/a/b"}, target_case{"/a/b/../c", "/a/c"},
                    target_case{"/a/b/../../../c", "/c"}, target_case{"/a/b/c/./../../g", "/a/g"},
                    target_case{"/a//../b", "/a/b"}, target_case{"/a/..//b", "//b"},
                    target_case{"/...", "/..."}, target_case{"/.a", "/.a"},
                    target_case{"/..a/b..", "/..a/b.."}, target_case{"/a./b", "/a./b"}));

INSTANTIATE_TEST_SUITE_P(
    EncodedDots, Target,
    testing::Values(target_case{"/a/%2e", "/a/"}, target_case{"/a/%2E%2e/b", "/b"},
                    target_case{"/a/.%2e/b", "/b"}, target_case{"/a/%2e./b", "/b"},
                    target_case{"/%2e%2e%2fetc", "/..%2fetc"}, target_case{"/%2e%2ea", "/..a"}));

INSTANTIATE_TEST_SUITE_P(
    Escapes, Target, // RFC 3986, 6.2.2.2: of unreserved characters alone
    testing::Values(target_case{"/%61%7E%2D%5f%30", "/a~-_0"}, target_case{"/a%2Fb", "/a%2Fb"},
                    target_case{"/a%2fb", "/a%2fb"}, target_case{"/%25", "/%25"},
                    target_case{"/%2561", "/%2561"}, target_case{"/%3F%23", "/%3F%23"},
                    target_case{"/%C3%A9", "/%C3%A9"}, target_case{"/%01", "/%01"}));

TEST(TargetAsterisk, IsForOptionsAlone) {
    base::arena memory;
    target out;
    EXPECT_EQ(read_target("*", method::options, memory, out), nullptr);
    EXPECT_EQ(out.path, "*");
    const auto* const why = read_target("*", method::get, memory, out);
    ASSERT_NE(why, nullptr);
    EXPECT_EQ(why->title, "The target * is for OPTIONS alone");
}

// RFC 9112, 3.2.4: the last proxy sends the asterisk for an absolute form without a path.
TEST(TargetAsterisk, IsWhatOptionsOfAWholeServerMeans) {
    base::arena memory;
    target out;
    EXPECT_EQ(read_target("http://a.org", method::options, memory, out), nullptr);
    EXPECT_EQ(out.path, "*");
    EXPECT_EQ(read_target("http://a.org/", method::options, memory, out), nullptr);
    EXPECT_EQ(out.path, "/");
    EXPECT_EQ(read_target("http://a.org?q", method::options, memory, out), nullptr);
    EXPECT_EQ(out.path, "/");
}

TEST(TargetPath, IsLentWhereNothingChanges) {
    base::arena memory;
    target out;
    constexpr std::string_view text = "/a.b/c?d";
    ASSERT_EQ(read_target(text, method::get, memory, out), nullptr);
    EXPECT_EQ(out.path.data(), text.data());
}

struct refused_case {
    std::string_view text;
    std::string_view title;
};
class RefusedTarget : public testing::TestWithParam<refused_case> {};

TEST_P(RefusedTarget, IsABadRequestThatSaysWhy) {
    base::arena memory;
    target out;
    const auto* const why = read_target(GetParam().text, method::get, memory, out);
    ASSERT_NE(why, nullptr);
    EXPECT_EQ(why->status, 400U);
    EXPECT_EQ(why->title, GetParam().title);
}

constexpr auto form = "The request target has none of the four forms";
constexpr auto authority = "The target's authority is not valid";
constexpr auto scheme = "The target's scheme is neither http nor https";
constexpr auto escape = "A % in the target is not followed by two hexadecimal digits";
constexpr auto nul = "The path holds an encoded NUL";
constexpr auto fragment = "The target holds a fragment";
INSTANTIATE_TEST_SUITE_P(
    Target, RefusedTarget,
    testing::Values(refused_case{"a", form}, refused_case{"a/b", form}, refused_case{"?a", form},
                    refused_case{"**", form}, refused_case{"a.org:443", form},
                    refused_case{"http:/a", form}, refused_case{"ftp://a.org/", scheme},
                    refused_case{"://a.org/", scheme}, refused_case{"http:///a", authority},
                    refused_case{"http://", authority}, refused_case{"http://u@a.org/", authority},
                    refused_case{"http://a.org:65536/", authority}, refused_case{"/%", escape},
                    refused_case{"/a%2", escape}, refused_case{"/a%zz/b", escape},
                    refused_case{"/a?b=%", escape}, refused_case{"http://a.org?%4", escape},
                    refused_case{"/a%00", nul}, refused_case{"/%00/../a", nul},
                    refused_case{"/a#b", fragment}, refused_case{"/a?b#c", fragment},
                    refused_case{"http://a.org#b", fragment}));

} // namespace
} // namespace mortise::http
