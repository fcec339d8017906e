// SPDX-License-Identifier: BSL-1.0
// From a handler's result or exception to the reply.
#include "unit/allocation_count.hpp"
#include "unit/sdk/fake_host.hpp"
#include "unit/sdk/fake_request.hpp"

#include <mortise/sdk.hpp>

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

struct answers {
    void routes(mortise::routes& on) {
        on.get("/{name}", [](const request& request) {
            return text("Hello, ", request.param("name"), "!\n");
        });
        on.get("/large/{size}", [](const request& request) {
            return response{}.with_content(
                std::string(std::stoul(std::string{request.param("size")}), 'x'));
        });
        on.get("/fields", [](const request&) {
            response answer;
            for (int count = 0; count != 20; ++count) {
                answer.with_field("X-Count", std::to_string(count));
            }
            return answer;
        });
        on.get("/gone", [](const request&) -> response { throw http_error{410, "sold"}; });
        on.get("/broken", [](const request&) -> response { throw std::runtime_error{"disk"}; });
        on.get("/number", [](const request&) -> response { throw 7; });
    }
};

class Trampoline : public testing::Test {
protected:
    std::int32_t get(std::string_view pattern, fake_request request = fake_request{}) {
        return host_.route("GET", pattern).call(request.raw());
    }

    fake_host host_;
    const struct mortise_plugin descriptor_ = detail::describe<answers>("answers", "1.0.0");
    running_plugin plugin_{descriptor_, host_};
};

TEST_F(Trampoline, RepliesWithWhatTheHandlerReturns) {
    EXPECT_EQ(get("/{name}", fake_request{}.with_param("name", "Ada")), MORTISE_REPLIED);
    ASSERT_EQ(host_.answers.size(), 1u);
    EXPECT_EQ(host_.answers[0].content, "Hello, Ada!\n");
    EXPECT_EQ(host_.answers[0].release, nullptr);
}

TEST_F(Trampoline, RepliesWithMoreFieldsThanUsual) {
    EXPECT_EQ(get("/fields"), MORTISE_REPLIED);
    const auto& fields = host_.answers.at(0).fields;
    ASSERT_EQ(fields.size(), 20u);
    EXPECT_EQ(fields[19].second, "19");
}

TEST_F(Trampoline, AnswersAnHttpErrorWithItsStatusAndDetail) {
    EXPECT_EQ(get("/gone"), MORTISE_REPLIED);
    EXPECT_EQ(host_.answers.at(0).status, 410u);
    EXPECT_EQ(host_.answers.at(0).content, "sold\n");
    EXPECT_TRUE(host_.lines.empty());
}

TEST_F(Trampoline, LogsOtherExceptionsAndLeavesTheAnswerToTheHost) {
    EXPECT_EQ(get("/broken"), MORTISE_E_FAILED);
    EXPECT_EQ(get("/number"), MORTISE_E_FAILED);
    EXPECT_TRUE(host_.answers.empty());
    ASSERT_EQ(host_.lines.size(), 2u);
    EXPECT_EQ(host_.lines[0].first, static_cast<unsigned>(MORTISE_LOG_ERROR));
    EXPECT_EQ(host_.lines[0].second, "a handler threw: disk");
    EXPECT_EQ(host_.lines[1].second, "a handler threw what is no std::exception");
}

TEST_F(Trampoline, CountsARefusedReplyAsAnswered) {
    host_.reply_result = MORTISE_E_INVALID;
    EXPECT_EQ(get("/{name}", fake_request{}.with_param("name", "Ada")), MORTISE_REPLIED);
    EXPECT_EQ(host_.answers.size(), 1u);
}

TEST_F(Trampoline, LendsLargeContentAndCopiesTheRest) {
    get("/large/{size}", fake_request{}.with_param("size", "16384"));
    get("/large/{size}", fake_request{}.with_param("size", "16385"));
    ASSERT_EQ(host_.answers.size(), 2u);
    EXPECT_EQ(host_.answers[0].release, nullptr);
    EXPECT_EQ(host_.answers[0].content.size(), 16384u);
    const auto& lent = host_.answers[1];
    ASSERT_NE(lent.release, nullptr);
    // Still the plugin's memory, after the handler has returned.
    EXPECT_EQ((std::string_view{lent.content_at, 16385}), lent.content);
    lent.release(lent.release_argument);
}

// The fake host copies; what is counted here is the plugin's part alone.
TEST_F(Trampoline, AllocatesNothingForAShortAnswer) {
    static std::size_t content_size;
    mortise_host quiet = host_.table();
    quiet.reply = [](mortise_exchange, const mortise_reply* reply) {
        content_size = reply->content.size;
        return MORTISE_OK;
    };
    host_.routes.clear();
    void* state = nullptr;
    ASSERT_EQ(descriptor_.create(&quiet, host_.instance(), &state), MORTISE_OK);
    ASSERT_EQ(descriptor_.configure(state), MORTISE_OK);
    auto request = fake_request{}.with_param("name", "Ada Lovelace");
    const auto& raw = request.raw();
    const auto& route = host_.route("GET", "/{name}");

    const std::size_t before = allocation_count();
    route.call(raw);
    EXPECT_EQ(allocation_count(), before);
    EXPECT_EQ(content_size, 21u);
    descriptor_.destroy(state);
}

} // namespace
} // namespace mortise::test
