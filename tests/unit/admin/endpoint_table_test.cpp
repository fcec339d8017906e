// SPDX-License-Identifier: BSL-1.0
// Which row answers, and what is said where none does.
#include "admin/endpoint_table.hpp"

#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>
#include <string>

namespace mortise::admin {
namespace {

class EndpointTable : public testing::Test {
protected:
    endpoint_table table;

    void SetUp() override {
        const auto row = [](std::string_view method, std::string_view path) {
            return endpoint{method, path, [path](const std::string& id, const replier& reply) {
                                reply({200, {{"row", path}, {"id", id}}});
                            }};
        };
        table.add({row("GET", "/plugins"), row("GET", "/plugins/{id}")});
        table.add({row("POST", "/plugins/reload"), row("POST", "/plugins/{id}/rollback")});
    }
    answer ask(const std::string& method, const std::string& target) const {
        answer given{0, {}};
        table.answer({method, target}, [&](answer one) { given = std::move(one); });
        return given;
    }
    // "/plugins/{id} greeting", or the status.
    std::string row_of(const std::string& method, const std::string& target) const {
        const auto given = ask(method, target);
        if (given.status != 200) {
            return std::to_string(given.status);
        }
        const auto text = [&](const char* key) {
            return std::string{given.content.at(key).as_string()};
        };
        return text("row") + " " + text("id");
    }
};

TEST_F(EndpointTable, FindsTheRowByMethodAndPath) {
    EXPECT_EQ(row_of("GET", "/plugins"), "/plugins ");
    EXPECT_EQ(row_of("GET", "/plugins?pretty"), "/plugins ");
    EXPECT_EQ(row_of("HEAD", "/plugins"), "/plugins ");
    EXPECT_EQ(row_of("GET", "/plugins/greeting"), "/plugins/{id} greeting");
    EXPECT_EQ(row_of("GET", "/plugins/reload"), "/plugins/{id} reload");
    EXPECT_EQ(row_of("POST", "/plugins/reload"), "/plugins/reload ");
    EXPECT_EQ(row_of("POST", "/plugins/greeting/rollback"), "/plugins/{id}/rollback greeting");
}

TEST_F(EndpointTable, KnowsNoOtherPath) {
    for (const char* const path :
         {"", "/", "/plugin", "/pluginsx", "/plugins/", "/plugins/a/b", "/plugins//rollback",
          "/plugins/rollback/", "/plugins/a/b/rollback", "*", "http://localhost/plugins"}) {
        EXPECT_EQ(row_of("GET", path), "404") << path;
    }
}

TEST_F(EndpointTable, NamesTheMethodsThatAPathHas) {
    const auto allowed = [&](const char* method, const char* target) {
        const auto given = ask(method, target);
        EXPECT_EQ(given.status, 405U);
        return given.fields.empty() ? "" : given.fields[0].first + ": " + given.fields[0].second;
    };
    EXPECT_EQ(allowed("POST", "/plugins"), "Allow: GET, HEAD");
    EXPECT_EQ(allowed("PUT", "/plugins/reload"), "Allow: GET, HEAD, POST");
    EXPECT_EQ(allowed("GET", "/plugins/greeting/rollback"), "Allow: POST");
    EXPECT_EQ(allowed("get", "/plugins"), "Allow: GET, HEAD");
}

} // namespace
} // namespace mortise::admin
