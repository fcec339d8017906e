// SPDX-License-Identifier: BSL-1.0
// From a handler's result or exception to the reply.
#include "unit/allocation_count.hpp"
#include "unit/sdk/fake_request.hpp"

#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <cstddef>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

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
        on.get("/full", [](const request&) -> response { throw std::bad_alloc{}; });
        on.get("/waits/full", [](exchange&) -> task<response> {
            throw std::bad_alloc{};
            co_return response{};
        });
        on.get("/number", [](const request&) -> response { throw 7; });
        on.get("/task", [](exchange&) -> task<response> { co_return text("task"); });
    }
};

// A host that allocates nothing and keeps what reply() was given, for what belongs to the plugin
// alone. One at a time.
class bare_host {
public:
    bare_host() {
        table_.size = sizeof table_;
        table_.extension = [](mortise_view) -> const void* { return nullptr; };
        table_.add_route = [](mortise_instance* self, const mortise_route* route) {
            reinterpret_cast<bare_host*>(self)->routes_.emplace(detail::from_abi(route->pattern),
                                                                *route);
            return MORTISE_OK;
        };
        table_.reply = [](mortise_exchange, const mortise_reply* reply) {
            current_->content = reply->content;
            current_->lent = reply->release;
            current_->lent_argument = reply->release_argument;
            return MORTISE_OK;
        };
        table_.allocate = [](mortise_exchange, std::size_t, std::size_t) {
            ++current_->allocations;
            return current_->memory;
        };
        current_ = this;
        EXPECT_EQ(plugin_.create(&table_, reinterpret_cast<mortise_instance*>(this), &state_), 0);
        EXPECT_EQ(plugin_.configure(state_), MORTISE_OK);
    }
    bare_host(const bare_host&) = delete;
    bare_host& operator=(const bare_host&) = delete;
    ~bare_host() { plugin_.destroy(state_); }

    // The size of the content that it is answered with.
    std::size_t get(std::string_view pattern, fake_request& request) {
        EXPECT_EQ(call(pattern, request), MORTISE_REPLIED);
        return content.size;
    }
    std::int32_t call(std::string_view pattern, fake_request& request) {
        const auto& route = routes_.find(pattern)->second;
        return route.handle(route.user, 1, &request.raw());
    }

    void* memory = nullptr; // what allocate() gives
    int allocations = 0;

    mortise_view content{};
    void (*lent)(void*) = nullptr;
    void* lent_argument = nullptr;

private:
    static inline bare_host* current_ = nullptr;

    mortise_host table_{};
    const struct mortise_plugin plugin_ = detail::describe<answers>("answers", "1.0.0");
    void* state_ = nullptr;
    std::map<std::string, mortise_route, std::less<>> routes_;
};

TEST(BareHost, IsAskedForNoMemoryWhereTheRequestBringsIt) {
    bare_host host;
    alignas(std::max_align_t) std::byte room[2048];
    fake_request request;
    request.with_memory(room, sizeof room);
    EXPECT_EQ(host.get("/task", request), 4u);
    EXPECT_EQ(host.allocations, 0);
}

TEST(BareHost, IsAskedForMemoryWhereTheRequestBringsNoneOrTooLittle) {
    alignas(std::max_align_t) std::byte room[4096];
    fake_request small;
    small.with_memory(room, 16);
    fake_request narrow; // of a host that knows of no such memory
    narrow.with_memory(room, sizeof room).with_size(offsetof(mortise_request, memory));
    for (auto* const request : {&small, &narrow}) {
        bare_host host;
        host.memory = room;
        EXPECT_EQ(host.get("/task", *request), 4u);
        EXPECT_EQ(host.allocations, 1);
        host.memory = nullptr;
        EXPECT_EQ(host.call("/task", *request), MORTISE_E_MEMORY);
    }
}

class Trampoline : public ::testing::Test {
protected:
    testing::host host_;
    testing::plugin plugin_ = host_.load<answers>();
};

TEST_F(Trampoline, RepliesWithWhatTheHandlerReturns) {
    EXPECT_EQ(plugin_.send(testing::get("/Ada")).content(), "Hello, Ada!\n");
}

TEST_F(Trampoline, RepliesWithMoreFieldsThanUsual) {
    const auto answer = plugin_.send(testing::get("/fields"));
    ASSERT_EQ(answer.fields().size(), 20u);
    EXPECT_EQ(answer.fields()[19].second, "19");
}

TEST_F(Trampoline, AnswersAnHttpErrorWithItsStatusAndDetail) {
    const auto answer = plugin_.send(testing::get("/gone"));
    EXPECT_EQ(answer.status(), 410u);
    EXPECT_EQ(answer.content(), "sold\n");
    EXPECT_TRUE(host_.log().empty());
}

TEST_F(Trampoline, LogsOtherExceptionsAndLeavesTheAnswerToTheHost) {
    EXPECT_EQ(plugin_.send(testing::get("/broken")).status(), 500u);
    EXPECT_EQ(plugin_.send(testing::get("/number")).status(), 500u);
    const auto lines = host_.log();
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].level, static_cast<unsigned>(MORTISE_LOG_ERROR));
    EXPECT_EQ(lines[0].text, "a handler threw: disk");
    EXPECT_EQ(lines[1].text, "a handler threw what is no std::exception");
}

TEST_F(Trampoline, Answers503WhereThereIsNoMemory) {
    for (const auto* path : {"/full", "/waits/full"}) {
        EXPECT_EQ(plugin_.send(testing::get(path)).status(), 503u) << path;
    }
}

TEST_F(Trampoline, CountsARefusedReplyAsAnswered) {
    host_.refuse_next(testing::function::reply, MORTISE_E_INVALID);
    EXPECT_EQ(plugin_.send(testing::get("/Ada")).status(), 500u);
    EXPECT_TRUE(host_.faults().empty());
}

TEST_F(Trampoline, LendsLargeContentAndCopiesTheRest) {
    bare_host bare;
    auto small = fake_request{}.with_param("size", "16384");
    auto large = fake_request{}.with_param("size", "16385");
    EXPECT_EQ(bare.get("/large/{size}", small), 16384u);
    EXPECT_EQ(bare.lent, nullptr);
    EXPECT_EQ(bare.get("/large/{size}", large), 16385u);
    ASSERT_NE(bare.lent, nullptr);
    // Still the plugin's memory, after the handler has returned.
    EXPECT_EQ((std::string_view{bare.content.data, bare.content.size}), std::string(16385, 'x'));
    bare.lent(bare.lent_argument);

    EXPECT_EQ(plugin_.send(testing::get("/large/16385")).content(), std::string(16385, 'x'));
}

TEST_F(Trampoline, AllocatesNothingForAShortAnswer) {
    if (!NEW_MAY_BE_REPLACED) {
        GTEST_SKIP() << "the sanitizer has the operators";
    }
    bare_host bare;
    auto request = fake_request{}.with_param("name", "Ada Lovelace");
    request.raw();
    const std::size_t before = allocation_count();
    EXPECT_EQ(bare.get("/{name}", request), 21u);
    EXPECT_EQ(allocation_count(), before);
}

} // namespace
} // namespace mortise::test
