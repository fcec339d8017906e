// SPDX-License-Identifier: BSL-1.0
// Tells each request by what it is known: at once, after a wait, on the pool, when its client has
// left, and behind the response.
#include <mortise/sdk.hpp>

#include <chrono>
#include <optional>
#include <string>

class identities {
public:
    void routes(mortise::routes& on) {
        on.get("/plain", [](const mortise::request& request) { return tell(request.identity()); });
        on.get("/silent", [](const mortise::request&) { return mortise::text("nothing asked\n"); });
        on.get("/waits", [](mortise::exchange& exchange) -> mortise::task<mortise::response> {
            co_await mortise::sleep_for(std::chrono::milliseconds{1});
            co_return tell(exchange.identity());
        });
        on.get("/blocks", mortise::blocking,
               [](const mortise::request&, const mortise::identity& who) { return tell(who); });
        on.get("/blocks-and-asks", mortise::blocking,
               [](const mortise::request& request) { return tell(request.identity()); });
        on.get("/leaves", [](mortise::exchange& exchange) -> mortise::task<mortise::response> {
            const auto log = exchange.log();
            log.info("it waits");
            try {
                co_await mortise::sleep_for(std::chrono::hours{1});
            } catch (const mortise::cancelled&) {
                const auto who = exchange.identity();
                log.info("the client has left", mortise::named("id", who.request_id()),
                         mortise::named("client", who.client_address()),
                         mortise::named("trace", who.traceparent()));
                throw;
            }
            co_return mortise::text("nobody has left\n");
        });
    }

    void filters(mortise::filters& in) {
        in.on_response("named", [](const mortise::request& request, mortise::response_head& head) {
            head.set_field("X-Request-Id", request.identity().request_id());
        });
    }

private:
    static mortise::response tell(const mortise::identity& who) {
        return mortise::text(who.request_id(), ',', who.traceparent(), ',', who.trace_id(), ',',
                             who.parent_id(), ',', who.is_recorded() ? "recorded" : "", ',',
                             who.client_address());
    }
};
MORTISE_PLUGIN(identities, "identities", "1.0.0")
