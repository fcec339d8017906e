// SPDX-License-Identifier: BSL-1.0
// Greets: GET / and GET /{name}.
#include <mortise/sdk.hpp>

#include <string>
#include <string_view>

class greeting {
public:
    explicit greeting(const mortise::config& config)
        : salutation_{config.get_or("salutation", "Hello")} {}

    void routes(mortise::routes& on) {
        on.get("/", [this](const mortise::request&) { return greet("Anonymous"); });
        on.get("/{name}",
               [this](const mortise::request& request) { return greet(request.param("name")); });
    }

private:
    mortise::response greet(std::string_view name) const {
        return mortise::text(salutation_, ", ", name, "!\n");
    }

    std::string salutation_;
};

MORTISE_PLUGIN(greeting, "greeting", "1.0.0")
