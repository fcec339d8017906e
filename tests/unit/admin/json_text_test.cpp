// SPDX-License-Identifier: BSL-1.0
// What a client reads is JSON, whatever a plugin has said.
#include "admin/json_text.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace mortise::admin {
namespace {

TEST(JsonText, KeepsWhatIsUtf8) {
    const std::string said = "gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x94\xa9 \"\\\n\x01";
    const auto text = json_text({{"said", said}});
    EXPECT_EQ(boost::json::parse(text).at("said").as_string(), said);
}

TEST(JsonText, ReplacesEachByteThatIsNot) {
    const std::string mark = "\xef\xbf\xbd";
    for (const auto& [said, read] : {std::pair<std::string, std::string>{"\xff", mark},
                                     {"a\xc3", "a" + mark},
                                     {"\xc3(", mark + "("},
                                     {"\xc0\xaf", mark + mark},
                                     {"\xed\xa0\x80", mark + mark + mark}}) {
        const auto text = json_text({{"said", said}});
        EXPECT_EQ(boost::json::parse(text).at("said").as_string(), read);
    }
}

} // namespace
} // namespace mortise::admin
