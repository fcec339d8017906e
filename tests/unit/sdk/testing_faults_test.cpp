// SPDX-License-Identifier: BSL-1.0
// Each breach of the border's rules is a fault that names the function.
#include "unit/sdk/border_plugin.hpp"

#include <mortise/testing.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace mortise::test {
namespace {

using texts = std::vector<std::string>;

class TestingFaults : public ::testing::Test {
protected:
    // Sends GET /x to a handler, and gives the faults until the plugin was unloaded.
    texts faults_of(std::uint32_t flags, border_plugin::handler handler) {
        border_.on("GET", "/x", flags, std::move(handler));
        testing::host host;
        auto plugin = host.load(border_.descriptor());
        const auto pending = plugin.begin(testing::get("/x"));
        host.run();
        status_ = pending.status();
        plugin.unload();
        return host.faults();
    }
    // The faults of a handler that may wait, does this, and replies.
    texts faults_in_waiting(const std::function<void(mortise_exchange)>& call) {
        return faults_of(MORTISE_ROUTE_MAY_WAIT,
                         [this, call](mortise_exchange exchange, const mortise_request&) {
                             call(exchange);
                             border_.reply(exchange, "");
                             return MORTISE_REPLIED;
                         });
    }
    texts faults_of_reply(const std::function<void(mortise_reply&)>& change) {
        return faults_of(0, [this, change](mortise_exchange exchange, const mortise_request&) {
            mortise_reply reply{};
            reply.size = sizeof reply;
            reply.status = 200;
            change(reply);
            EXPECT_EQ(border_.host->reply(exchange, &reply), MORTISE_E_INVALID);
            return MORTISE_REPLIED;
        });
    }

    border_plugin border_;
    kept_operation operation_;
    kept_operation other_;
    std::array<char, 8> room_{};
    unsigned status_ = 0;
};

TEST_F(TestingFaults, OfASecondReply) {
    EXPECT_EQ(faults_of(0,
                        [this](mortise_exchange exchange, const mortise_request&) {
                            EXPECT_EQ(border_.reply(exchange, "one"), MORTISE_OK);
                            EXPECT_EQ(border_.reply(exchange, "two"), MORTISE_E_STATE);
                            return MORTISE_REPLIED;
                        }),
              texts{"reply(): the exchange is over, or never was"});
}

TEST_F(TestingFaults, OfAReplyOnAnotherThread) {
    EXPECT_EQ(
        faults_in_waiting([this](mortise_exchange exchange) {
            std::thread{[&] { EXPECT_EQ(border_.reply(exchange, ""), MORTISE_E_THREAD); }}.join();
        }),
        texts{"reply(): called on a thread that is not the event loop"});
}

TEST_F(TestingFaults, OfAHandlerThatSaysItRepliedAndDidNot) {
    EXPECT_EQ(faults_of(0, [](mortise_exchange, const mortise_request&) { return 0; }),
              texts{"border, GET /x: the handler: returned MORTISE_REPLIED without a reply"});
    EXPECT_EQ(status_, 500u);
}

TEST_F(TestingFaults, OfAHandlerThatWaitsUnasked) {
    EXPECT_EQ(
        faults_of(0, [](mortise_exchange, const mortise_request&) { return MORTISE_PENDING; }),
        texts{"border, GET /x: the handler: returned MORTISE_PENDING on a route without "
              "MORTISE_ROUTE_MAY_WAIT"});
    EXPECT_EQ(status_, 500u);
}

TEST_F(TestingFaults, OfAHandlerThatWaitsAfterItsReply) {
    EXPECT_EQ(faults_of(MORTISE_ROUTE_MAY_WAIT,
                        [this](mortise_exchange exchange, const mortise_request&) {
                            border_.reply(exchange, "");
                            return MORTISE_PENDING;
                        }),
              texts{"border, GET /x: the handler: returned 1 after it had replied"});
}

TEST_F(TestingFaults, OfAnExceptionThatCrossesTheBorder) {
    EXPECT_EQ(
        faults_of(0, [](mortise_exchange, const mortise_request&) -> std::int32_t { throw 7; }),
        texts{"border, GET /x: the handler: an exception crossed the border"});
    EXPECT_EQ(status_, 500u);
}

TEST_F(TestingFaults, OfAFieldThatBreaksARule) {
    const mortise_field injecting{view_of("X-A"), view_of("a\r\nB: c")};
    const mortise_field nameless{view_of("X A"), view_of("a")};
    const mortise_field framing{view_of("connection"), view_of("close")};
    const auto with = [](const mortise_field& field) {
        return [&field](mortise_reply& reply) {
            reply.fields = &field;
            reply.field_count = 1;
        };
    };
    EXPECT_EQ(faults_of_reply(with(injecting)),
              texts{"border, GET /x: reply(): the value of X-A has a control character"});
    EXPECT_EQ(status_, 500u);
    border_.clear();
    EXPECT_EQ(faults_of_reply(with(nameless)),
              texts{"border, GET /x: reply(): the field name \"X A\" is not a token"});
    border_.clear();
    EXPECT_EQ(faults_of_reply(with(framing)),
              texts{"border, GET /x: reply(): Connection is the host's to write"});
}

TEST_F(TestingFaults, OfAStatusOutOfRange) {
    EXPECT_EQ(faults_of_reply([](mortise_reply& reply) { reply.status = 99; }),
              texts{"border, GET /x: reply(): the status 99 is not between 200 and 599"});
}

TEST_F(TestingFaults, OfAnOperationThatIsStartedWhileItIsPending) {
    EXPECT_EQ(faults_in_waiting([this](mortise_exchange) {
                  const auto& timer = border_.timer();
                  EXPECT_EQ(timer.wait(border_.instance, 0, &operation_), MORTISE_PENDING);
                  EXPECT_EQ(timer.wait(border_.instance, 0, &operation_), MORTISE_E_STATE);
              }),
              texts{"border: timer wait(): the operation is pending already, by border: timer "
                    "wait()"});
}

TEST_F(TestingFaults, OfAnOperationWithoutComplete) {
    EXPECT_EQ(faults_in_waiting([this](mortise_exchange) {
                  operation_.complete = nullptr;
                  EXPECT_EQ(border_.timer().wait(border_.instance, 0, &operation_),
                            MORTISE_E_INVALID);
              }),
              texts{"border: timer wait(): the operation is null, smaller than mortise_operation, "
                    "or has no complete"});
}

TEST_F(TestingFaults, OfAnOperationThatIsOverwrittenWhilePending) {
    EXPECT_EQ(faults_in_waiting([this](mortise_exchange) {
                  border_.timer().wait(border_.instance, 0, &operation_);
                  operation_.host[3] = 0;
              }),
              texts{"border: timer wait(): the operation was overwritten while it was pending; it "
                    "is not completed"});
    EXPECT_TRUE(operation_.statuses.empty());
}

TEST_F(TestingFaults, OfAnOperationInMemoryOfAnExchangeThatIsOver) {
    EXPECT_EQ(faults_in_waiting([this](mortise_exchange exchange) {
                  auto* const place = static_cast<mortise_operation*>(border_.host->allocate(
                      exchange, sizeof(mortise_operation), alignof(mortise_operation)));
                  *place = mortise_operation{};
                  place->size = sizeof *place;
                  place->complete = [](mortise_operation*, std::int32_t) { FAIL(); };
                  border_.timer().wait(border_.instance, 0, place);
              }),
              texts{"border, GET /x: border: timer wait(): is pending in memory of the exchange, "
                    "which is over; it is not completed"});
}

TEST_F(TestingFaults, OfASecondReadAndASecondWrite) {
    border_.on("POST", "/x", MORTISE_ROUTE_MAY_WAIT,
               [this](mortise_exchange exchange, const mortise_request&) {
                   const auto& content = border_.content();
                   EXPECT_EQ(content.read(exchange, room_.data(), 8, &operation_), MORTISE_PENDING);
                   EXPECT_EQ(content.read(exchange, room_.data(), 8, &other_), MORTISE_E_STATE);
                   border_.host->cancel(&operation_);
                   EXPECT_EQ(content.write(exchange, view_of("a"), &other_), MORTISE_E_STATE);
                   border_.begin(exchange, 3);
                   EXPECT_EQ(content.write(exchange, view_of("ab"), &other_), MORTISE_PENDING);
                   EXPECT_EQ(content.end(exchange), MORTISE_E_STATE);
                   other_.then = [&content, exchange, this](std::int32_t) {
                       EXPECT_EQ(content.write(exchange, view_of("cd"), &other_),
                                 MORTISE_E_INVALID);
                       EXPECT_EQ(border_.reply(exchange, ""), MORTISE_E_STATE);
                       EXPECT_EQ(content.end(exchange), MORTISE_E_INVALID);
                   };
                   return MORTISE_PENDING;
               });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::post("/x").with_content_to_come().reads_slowly(1));
    pending.take(9);
    host.run();
    EXPECT_TRUE(pending.was_broken_off());
    const std::string at = "border, POST /x: ";
    EXPECT_EQ(host.faults(),
              (texts{at + "content read(): another read is pending",
                     at + "content write(): called before begin()",
                     at + "content end(): an operation of the exchange is pending",
                     at + "content write(): the piece is null, or longer than the length that "
                          "begin() told",
                     at + "reply(): the response was begun by begin(), and ends by end()",
                     at + "content end(): less was written than the length that begin() told"}));
}

TEST_F(TestingFaults, OfContentOnARouteThatMayNotWait) {
    EXPECT_EQ(faults_of(0,
                        [this](mortise_exchange exchange, const mortise_request&) {
                            EXPECT_EQ(border_.begin(exchange), MORTISE_E_STATE);
                            border_.reply(exchange, "");
                            return MORTISE_REPLIED;
                        }),
              texts{"border, GET /x: content begin(): on a route without "
                    "MORTISE_ROUTE_MAY_WAIT"});
}

TEST_F(TestingFaults, OfCallsOutsideOfTheirStep) {
    EXPECT_EQ(faults_in_waiting([this](mortise_exchange) {
                  mortise_view value{};
                  EXPECT_EQ(border_.config().find(border_.instance, view_of("a"), &value),
                            MORTISE_E_STATE);
                  mortise_route route{};
                  EXPECT_EQ(border_.host->add_route(border_.instance, &route), MORTISE_E_STATE);
                  border_.host->explain(border_.instance, view_of("why"));
              }),
              (texts{"border: config find(): called outside of create and configure",
                     "border: add_route(): called outside of configure",
                     "border: explain(): called where no step can fail"}));
}

TEST_F(TestingFaults, OfATimerThatIsStartedOnTheControlThread) {
    border_.at_step = [this](std::string_view step) {
        if (step == "start") {
            EXPECT_EQ(border_.timer().wait(border_.instance, 0, &operation_), MORTISE_E_THREAD);
        }
        return 0;
    };
    testing::host host;
    host.load(border_.descriptor());
    EXPECT_EQ(host.faults(), texts{"border: timer wait(): called where no event loop runs it"});
}

TEST_F(TestingFaults, OfALineThatBreaksARule) {
    EXPECT_EQ(faults_in_waiting([this](mortise_exchange) {
                  mortise_log_line line{};
                  line.size = sizeof line;
                  line.level = 4;
                  border_.log().write(border_.instance, &line);
              }),
              texts{"border: log write(): the line is null or too small, has no such level, no "
                    "text, or more than 16 fields"});
}

// What a host reports that ends with faults which nobody looked at.
std::string unseen;

TEST_F(TestingFaults, ReportsThoseThatNobodyLookedAt) {
    unseen.clear();
    const auto before =
        testing::report_unseen_faults([](const std::string& faults) { unseen = faults; });
    border_.on("GET", "/x", 0, [](mortise_exchange, const mortise_request&) { return 0; });
    {
        testing::host host;
        host.load(border_.descriptor()).send(testing::get("/x"));
    }
    testing::report_unseen_faults(before);
    EXPECT_EQ(unseen, "  border, GET /x: the handler: returned MORTISE_REPLIED without a reply\n");
}

} // namespace
} // namespace mortise::test
