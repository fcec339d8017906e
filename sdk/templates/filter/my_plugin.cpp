// A filter before all routes, this plugin's own and those of others: requests without a key are
// answered with 401, and each answer to the others says who let them in.
#include <mortise/sdk.hpp>

#include <optional>
#include <string>

class gate {
public:
    explicit gate(const mortise::config& config) : key_{config.get_or("key", "open sesame")} {}

    // It runs where the operator names it: --filters my-plugin
    void filters(mortise::filters& in) {
        in.on_both(
            "my-plugin", [this](const mortise::request& request) { return judge(request); },
            [](const mortise::request&, mortise::response_head& head) {
                head.set_field("X-Let-In-By", "my-plugin");
            });
    }

    // Something to let in to. A plugin has routes, filters, or both.
    void routes(mortise::routes& on) {
        on.get("/my-plugin", [](const mortise::request&) { return mortise::text("You are in\n"); });
    }

private:
    // Nothing: the request goes on.
    std::optional<mortise::response> judge(const mortise::request& request) const {
        if (request.field("X-Key") == key_) {
            return std::nullopt;
        }
        return mortise::text("A key is needed: X-Key\n").with_status(401);
    }

    const std::string key_;
};

MORTISE_PLUGIN(gate, "my-plugin", "0.1.0")
