// GET /my-plugin/{name} greets. The salutation is configuration: --set my-plugin.salutation=Hi
#include <mortise/sdk.hpp>

#include <string>

class greeter {
public:
    explicit greeter(const mortise::config& config)
        : salutation_{config.get_or("salutation", "Hello")} {}

    // Handlers are called on several threads at once: what they share does not change.
    void routes(mortise::routes& on) {
        on.get("/my-plugin/{name}", [this](const mortise::request& request) {
            return mortise::text(salutation_, ", ", request.param("name"), "!\n");
        });
    }

private:
    const std::string salutation_;
};

MORTISE_PLUGIN(greeter, "my-plugin", "0.1.0")
