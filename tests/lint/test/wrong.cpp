// SPDX-License-Identifier: BSL-1.0
// Each line with a mark is one that g++ 12 compiles wrongly.
#include <mortise/sdk.hpp>

#include <functional>
#include <string>
#include <utility>

namespace {

struct order {
    std::string item;
    int count;
};

mortise::task<> place(order);
mortise::task<> place_all(order, order);
mortise::task<std::string> ask(std::string);
mortise::task<int> count();
std::string name();
int join(const std::string&, int);
int call(std::function<std::string()>, int);
int weigh(order, int);

template <class Work>
mortise::task<> run(Work);

mortise::task<> lambdas(std::string text) {
    co_await run([text] { return text; });                               // wrong: lambda
    co_await run([text = std::move(text)] { return text; });             // wrong: lambda
    co_await run(std::function<std::string()>{[text] { return text; }}); // wrong: lambda
    co_await [text]() -> mortise::task<> { co_return; }();               // wrong: lambda
    co_await mortise::with_timeout(std::chrono::seconds{1},
                                   run([text] { return text; })); // wrong: lambda
    call([text] { return text; }, co_await count());              // wrong: lambda
}

mortise::task<> aggregates(std::string text) {
    co_await place({text, 1});                       // wrong: aggregate
    co_await place(order{text, 1});                  // wrong: aggregate
    co_await place(order{.item = text, .count = 1}); // wrong: aggregate
    co_await place_all({text, 1},                    // wrong: aggregate
                       {"b", 2});                    // wrong: aggregate
    weigh({text, 1}, co_await count());              // wrong: aggregate
}

mortise::task<std::string> filled(std::string text) {
    const order placed{co_await ask(text), 1};  // wrong: aggregate
    place({co_await ask(text), 1});             // wrong: aggregate
    join(order{co_await ask(text), 1}.item, 1); // wrong: aggregate
    co_return placed.item;
}

mortise::task<std::string> conditionals(bool is_near) {
    const std::string one = is_near ? co_await ask("a") : name();              // wrong: conditional
    const std::string two = is_near ? name() : co_await ask("b");              // wrong: conditional
    const std::string three = is_near ? co_await ask("a") : co_await ask("b"); // wrong: conditional
    co_await ask(is_near ? name() : std::string{"far"});                       // wrong: conditional
    join(is_near ? co_await ask("a") : name(), 1);                             // wrong: conditional
    join(is_near ? one : name(), co_await count());                            // wrong: conditional
    const auto size = (is_near ? co_await ask("a") : one).size();              // wrong: conditional
    join(name(), static_cast<int>(size));
    co_return is_near ? co_await ask("a") : two + three; // wrong: conditional
}

} // namespace
