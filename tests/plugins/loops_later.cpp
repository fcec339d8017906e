// SPDX-License-Identifier: BSL-1.0
// Coroutines that hold their loop for good, each behind something else that it has awaited.
#include <mortise/sdk.hpp>

#include <array>
#include <chrono>

namespace {

void loop_forever() {
    const volatile bool goes_on = true;
    while (goes_on) {
    }
}

mortise::task<mortise::response> after_sleep(mortise::exchange&) {
    co_await mortise::sleep_for(std::chrono::milliseconds{1});
    loop_forever();
    co_return mortise::text("never\n");
}

mortise::task<mortise::response> after_content(mortise::exchange& exchange) {
    std::array<char, 100> room;
    co_await exchange.read_some(room);
    loop_forever();
    co_return mortise::text("never\n");
}

mortise::task<> after_piece(mortise::exchange& exchange) {
    mortise::stream out{exchange, mortise::text()};
    co_await out.write("a piece\n");
    loop_forever();
}

} // namespace

class loops_later {
public:
    static void routes(mortise::routes& on) {
        on.get("/fault/sleep", after_sleep);
        on.post("/fault/content", after_content);
        on.get("/fault/piece", after_piece);
    }
};

MORTISE_PLUGIN(loops_later, "loops-later", "1.0.0")
