// SPDX-License-Identifier: BSL-1.0
// Coroutines that hold their loop for good, each behind something else that it has awaited.
#include <mortise/sdk.hpp>

#include <array>
#include <chrono>
#include <string>

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

mortise::task<mortise::response> after_work(mortise::exchange&) {
    auto work = [] {};
    co_await mortise::offload(work);
    loop_forever();
    co_return mortise::text("never\n");
}

mortise::task<mortise::response> after_cancellation(mortise::exchange&) {
    try {
        co_await mortise::sleep_for(std::chrono::hours{1});
    } catch (...) {
        loop_forever();
    }
    co_return mortise::text("never\n");
}

mortise::task<> after_piece(mortise::exchange& exchange) {
    mortise::stream out{exchange, mortise::text()};
    co_await out.write("a piece\n");
    loop_forever();
}

mortise::task<> after_piece_and_sleep(mortise::exchange& exchange) {
    mortise::stream out{exchange, mortise::text()};
    co_await out.write("a piece\n");
    co_await mortise::sleep_for(std::chrono::milliseconds{1});
    loop_forever();
}

// With every register of the old floating-point unit in use, where there is one.
mortise::response with_full_registers(const mortise::request&) {
#if defined(__x86_64__)
    __asm__ volatile("fld1\n fld1\n fld1\n fld1\n fld1\n fld1\n fld1\n fld1");
#endif
    loop_forever();
    return mortise::text("never\n");
}

mortise::response product(const mortise::request&) {
    volatile long double one = 1.5L;
    volatile long double other = 3;
    return mortise::text(std::to_string(static_cast<double>(one * (other + one * other))), "\n");
}

} // namespace

class loops_later {
public:
    static void routes(mortise::routes& on) {
        on.get("/fault/sleep", after_sleep);
        on.post("/fault/content", after_content);
        on.get("/fault/work", after_work);
        on.get("/fault/cancellation", after_cancellation);
        on.get("/fault/piece", after_piece);
        on.get("/fault/piece-and-sleep", after_piece_and_sleep);
        on.get("/fault/registers", with_full_registers);
        on.get("/product", product);
    }
};

MORTISE_PLUGIN(loops_later, "loops-later", "1.0.0")
