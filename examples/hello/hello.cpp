// SPDX-License-Identifier: BSL-1.0
// The smallest plugin: GET / and GET /{name} greet, POST / answers its content.
#include <mortise/sdk.hpp>

struct hello {
    void routes(mortise::routes& on) {
        on.get("/", [](const mortise::request&) { return mortise::text("Hello, world!\n"); });
        on.get("/{name}", [](const mortise::request& request) {
            return mortise::text("Hello, ", request.param("name"), "!\n");
        });
        on.post("/", mortise::whole_content{65536}, [](const mortise::request& request) {
            const auto media_type = request.field("Content-Type");
            return mortise::response{}
                .with_field("Content-Type", media_type.value_or("application/octet-stream"))
                .with_content(request.content());
        });
    }
};
MORTISE_PLUGIN(hello, "hello", "1.0.0")
