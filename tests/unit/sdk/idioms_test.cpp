// SPDX-License-Identifier: BSL-1.0
// What docs/plugin-guide.md tells authors to write for g++ 12, each with strings that are on the
// heap: the address sanitizer sees what is destroyed twice.
#include "unit/sdk/coroutine_plugin.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace mortise::test {
namespace {

class Idioms : public ::testing::Test {
protected:
    coroutine_host served;
    ~Idioms() override { EXPECT_EQ(counted::alive(), 0); }

    // What the handler answers.
    std::string content_of(std::function<task<response>(exchange&)> handler) {
        return served.ask(std::move(handler)).content();
    }
};

const std::string text_on_heap = "a text that is too long to stand inside a string";

struct order { // an aggregate
    std::string item;
    int count;
    counted alive;
};

class parcel { // the same with a constructor
public:
    parcel(std::string item, int count) : item_{std::move(item)}, count_{count} {}
    std::string label() const { return item_ + std::to_string(count_); }

private:
    std::string item_;
    int count_;
    counted alive_;
};

task<std::string> place(order placed) {
    co_await sleep_for(1ms);
    co_return placed.item;
}

task<std::string> send(parcel sent) {
    co_await sleep_for(1ms);
    co_return sent.label();
}

template <class Work>
task<std::string> run(Work work) {
    co_await sleep_for(1ms);
    co_return work();
}

task<std::size_t> count(std::vector<std::string> texts) {
    co_await sleep_for(1ms);
    co_return texts.size();
}

TEST_F(Idioms, AwaitsANamedCallableThatIsMoved) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  auto work = [name = text_on_heap, here = counted{}] { return name; };
                  co_return text(co_await run(std::move(work)));
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsANamedCallableThatStays) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  auto work = [name = text_on_heap, here = counted{}] { return name; };
                  const std::string first = co_await run(work);
                  EXPECT_EQ(first, co_await run(work));
                  co_return text(first);
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsATaskThatWasNamed) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  auto waiting = run([name = text_on_heap, here = counted{}] { return name; });
                  co_return text(co_await std::move(waiting));
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsACallableThatCapturesByReference) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  const std::string name = text_on_heap;
                  co_return text(co_await run([&] { return name; }));
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsACallableThatCapturesWhatHasNoDestructor) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  int number = 7;
                  co_return text(co_await run([number] { return std::to_string(number); }));
              }),
              "7");
}

TEST_F(Idioms, AwaitsANamedCoroutineWithCaptures) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  const auto work = [name = text_on_heap, here = counted{}]() -> task<std::string> {
                      co_await sleep_for(1ms);
                      co_return name;
                  };
                  co_return text(co_await work());
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsWithANamedAggregate) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  order placed{text_on_heap, 1, {}};
                  const std::string kept = co_await place(placed);
                  EXPECT_EQ(kept, co_await place(std::move(placed)));
                  co_return text(kept);
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsATaskThatWasGivenAnAggregateBefore) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  auto waiting = place({text_on_heap, 1, {}});
                  co_return text(co_await with_timeout(1s, std::move(waiting)));
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsWithATemporaryThatHasAConstructor) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  const std::string braced = co_await send({text_on_heap, 1});
                  EXPECT_EQ(braced, co_await send(parcel{text_on_heap, 1}));
                  co_return text(braced);
              }),
              text_on_heap + "1");
}

TEST_F(Idioms, FillsAnAggregateWithWhatWasAwaitedBefore) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  const std::string item = co_await slow(text_on_heap);
                  const order filled{item, 1, {}};
                  co_return text(filled.item);
              }),
              text_on_heap);
}

TEST_F(Idioms, AwaitsWithANamedVector) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  std::vector<std::string> texts{text_on_heap, text_on_heap};
                  co_return text(co_await count(std::move(texts)));
              }),
              "2");
}

TEST_F(Idioms, ChoosesByIf) {
    EXPECT_EQ(content_of([](exchange& exchange) -> task<response> {
                  const bool is_near = exchange.request().query().empty();
                  std::string found = "nothing";
                  if (is_near) {
                      found = co_await slow(text_on_heap);
                  }
                  co_return text(found);
              }),
              text_on_heap);
}

TEST_F(Idioms, ChoosesANumberBesideAnAwait) {
    EXPECT_EQ(content_of([](exchange& exchange) -> task<response> {
                  int asked = 0;
                  auto number = [&]() -> task<int> {
                      ++asked;
                      co_await sleep_for(1ms);
                      co_return 7;
                  };
                  const bool is_near = exchange.request().query().empty();
                  const int near = is_near ? co_await number() : 1;
                  const int far = is_near ? 1 : co_await number();
                  co_return text(near, far, asked);
              }),
              "711");
}

TEST_F(Idioms, AwaitsBesideTemporaryStrings) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  const std::string joined =
                      co_await slow(text_on_heap + "!") + "?" + co_await slow(text_on_heap);
                  co_return response{200}
                      .with_field("Link", "/" + co_await slow("items"))
                      .with_content(joined);
              }),
              text_on_heap + "!?" + text_on_heap);
}

TEST_F(Idioms, OffloadsANamedCallable) {
    EXPECT_EQ(content_of([](exchange&) -> task<response> {
                  const std::string name = text_on_heap;
                  auto by_reference = [&] { return name; };
                  auto by_value = [name, here = counted{}] { return name; };
                  const std::string first = co_await offload(by_reference);
                  EXPECT_EQ(first, co_await offload(by_value));
                  co_return text(first);
              }),
              text_on_heap);
}

TEST_F(Idioms, SpawnsACallableThatIsMoved) {
    std::string done;
    content_of([&](exchange& exchange) -> task<response> {
        auto work = [&done, name = text_on_heap, here = counted{}]() -> task<> {
            co_await sleep_for(1s);
            done = name;
        };
        spawn(exchange, std::move(work));
        co_return text("x");
    });
    served.host.advance(1s);
    EXPECT_EQ(done, text_on_heap);
}

} // namespace
} // namespace mortise::test
