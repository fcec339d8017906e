// SPDX-License-Identifier: BSL-1.0
// What to write instead, and what looks alike: nothing here is compiled wrongly.
#include <mortise/sdk.hpp>

#include <functional>
#include <string>
#include <utility>

namespace {

struct order {
    std::string item;
    int count;
};
struct point {
    int x;
    int y;
};
class item {
public:
    item(std::string name, int count) : name_{std::move(name)}, count_{count} {}

private:
    std::string name_;
    int count_;
};

mortise::task<> place(order);
mortise::task<> put(item);
mortise::task<> go(point);
mortise::task<std::string> ask(std::string);
mortise::task<int> count();
std::string name();
int join(const std::string&, int);

template <class Work>
mortise::task<> run(Work);

mortise::task<> lambdas(std::string text) {
    auto work = [text] { return text; };
    co_await run(work);
    co_await run(std::move(work));
    auto waiting = run([text] { return text; });
    co_await std::move(waiting);
    co_await run([&] { return text; });
    co_await run([] { return 1; });
    const int number = 1;
    co_await run([number] { return number; });
    const auto inner = [&]() -> mortise::task<> { co_await ask(text); };
    co_await inner();
}

mortise::task<> aggregates(std::string text) {
    order placed{text, 1};
    co_await place(std::move(placed));
    auto waiting = place({text, 1});
    co_await std::move(waiting);
    co_await put({text, 1});
    co_await put(item{text, 1});
    co_await go({1, 2});
    const std::string answer = co_await ask(text);
    const order filled{answer, 1};
    co_await put({co_await ask(filled.item), 1});
    co_await ask({text});
    co_await ask(text + name());
}

mortise::task<std::string> conditionals(bool is_near) {
    const int one = is_near ? co_await count() : 1;
    std::string found = is_near ? name() : std::string{"far"};
    const std::string other = name();
    if (is_near) {
        found = co_await ask("a");
    }
    join(is_near ? found : other, co_await count());
    const bool is_both = is_near && co_await count() == one;
    join(found, is_both ? 1 : 2);
    auto late = [&]() -> mortise::task<std::string> {
        co_await ask("a");
        const std::string text = is_near ? name() : other + "b";
        co_return text;
    };
    co_return co_await late();
}

} // namespace
