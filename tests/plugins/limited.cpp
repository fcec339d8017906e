// SPDX-License-Identifier: BSL-1.0
// Blocks, waits, takes memory and logs, as its requests ask.
#include <mortise/sdk.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

class limited {
public:
    explicit limited(const mortise::config& config) : log_{config.log()} {}

    void routes(mortise::routes& on) {
        on.get("/block/{name}", mortise::blocking, [this](const mortise::request& request) {
            const std::string name{request.param("name")};
            std::unique_lock lock{guard_};
            ++begun_;
            released_.wait(lock, [this] { return is_released_; });
            if (name == "throw") {
                throw mortise::http_error{409, "thrown on the pool"};
            }
            return mortise::text("blocked for ", name, "\n");
        });
        on.post("/length", mortise::whole_content{}, mortise::blocking,
                [](const mortise::request& request) {
                    return mortise::text(std::to_string(request.content().size()), "\n");
                });
        on.get("/begun", [this](const mortise::request&) {
            const std::lock_guard lock{guard_};
            return mortise::text(std::to_string(begun_), "\n");
        });
        on.get("/release", [this](const mortise::request&) {
            {
                const std::lock_guard lock{guard_};
                is_released_ = true;
            }
            released_.notify_all();
            return mortise::text("released\n");
        });
        on.get("/sleep", [](mortise::exchange&) -> mortise::task<mortise::response> {
            co_await mortise::sleep_for(std::chrono::hours{1});
            co_return mortise::text("slept\n");
        });
        on.get("/log", [this](const mortise::request&) {
            log_.info("asked to log");
            return mortise::text("logged\n");
        });
        on.get("/deep/{depth}", [](mortise::exchange& exchange) { return go_deep(exchange); });
    }

private:
    // Each frame takes memory of the request.
    static mortise::task<int> nest(mortise::exchange& exchange, int depth) {
        if (depth == 0) {
            co_return 0;
        }
        co_return 1 + co_await nest(exchange, depth - 1);
    }
    static mortise::task<mortise::response> go_deep(mortise::exchange& exchange) {
        const int depth = std::stoi(std::string{exchange.request().param("depth")});
        co_return mortise::text(std::to_string(co_await nest(exchange, depth)), "\n");
    }

    mortise::log log_;
    std::mutex guard_;
    std::condition_variable released_;
    int begun_ = 0;            // guarded
    bool is_released_ = false; // guarded
};

MORTISE_PLUGIN(limited, "limited", "1.0.0")
