// GET /my-plugin/{item} asks two shops at once, and answers when both have.
//
// Before you write a co_await: g++ 11 and 12 compile three things beside one wrongly, without a
// warning. A lambda that captures by value, an aggregate in braces, a ?: that gives an object: give
// it a name on a line before. `ctest` finds them.
#include <mortise/sdk.hpp>

#include <chrono>
#include <string>

class shops {
public:
    explicit shops(const mortise::config& config)
        : delay_{config.get_or<int>("delay-ms", 100)},
          limit_{config.get_or<int>("limit-ms", 1000)} {}

    void routes(mortise::routes& on) {
        on.get("/my-plugin/{item}",
               [this](mortise::exchange& exchange) { return compare(exchange); });
    }

private:
    // Stands for a question to another service, which takes its time. Its loop serves others
    // meanwhile. Strings are taken by value: a coroutine keeps its parameters, not what they
    // refer to.
    mortise::task<std::string> ask(std::string shop, std::string item) const {
        co_await mortise::sleep_for(delay_);
        co_return shop + " has " + item;
    }

    mortise::task<std::string> ask_both(std::string item) const {
        const auto [near, far] =
            co_await mortise::gather(ask("the near shop", item), ask("the far shop", item));
        co_return near + ", " + far;
    }

    mortise::task<mortise::response> compare(mortise::exchange& exchange) const {
        const std::string item{exchange.request().param("item")};
        try {
            const std::string found = co_await mortise::with_timeout(limit_, ask_both(item));
            co_return mortise::text(found, '\n');
        } catch (const mortise::timed_out&) {
            throw mortise::http_error{504, "The shops did not answer in time"};
        }
    }

    const std::chrono::milliseconds delay_;
    const std::chrono::milliseconds limit_;
};

MORTISE_PLUGIN(shops, "my-plugin", "0.1.0")
