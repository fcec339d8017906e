// SPDX-License-Identifier: BSL-1.0
// The greeting by handlers that may wait and do not: what a coroutine costs.
#include <mortise/sdk.hpp>

#include <string>

class coroutine_greeting {
public:
    explicit coroutine_greeting(const mortise::config& config)
        : salutation_{config.get_or("salutation", "Hello")} {}

    void routes(mortise::routes& on) {
        on.get("/{name}", [this](mortise::exchange& exchange) -> mortise::task<mortise::response> {
            co_return mortise::text(salutation_, ", ", exchange.request().param("name"), "!\n");
        });
    }

private:
    std::string salutation_;
};

MORTISE_PLUGIN(coroutine_greeting, "coroutine-greeting", "1.0.0")
