// SPDX-License-Identifier: BSL-1.0
// Handlers that wait in every way there is, and that count what they leave behind.
#include <mortise/sdk.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

// Counts the handlers that have begun and those whose destructors have run.
class census {
public:
    class one {
    public:
        explicit one(census& of) noexcept : of_{of} { of_.begun_.fetch_add(1); }
        one(const one&) = delete;
        one& operator=(const one&) = delete;
        ~one() { of_.ended_.fetch_add(1); }

    private:
        census& of_;
    };

    std::uint64_t begun() const noexcept { return begun_.load(); }
    std::uint64_t ended() const noexcept { return ended_.load(); }

private:
    std::atomic<std::uint64_t> begun_{0};
    std::atomic<std::uint64_t> ended_{0};
};

} // namespace

class waiting {
public:
    explicit waiting(const mortise::config& config) : log_{config.log()} {}
    ~waiting() { log_.info("handlers begun ", census_.begun(), ", ended ", census_.ended()); }

    void routes(mortise::routes& on) {
        on.get("/census", [this](const mortise::request&) {
            return mortise::text(census_.begun(), " ", census_.ended(), "\n");
        });
        on.get("/sleep", [this](mortise::exchange& exchange) { return sleep(exchange); });
        on.get("/gather", [this](mortise::exchange& exchange) { return gather(exchange); });
        on.get("/offload", [this](mortise::exchange& exchange) { return offload(exchange); });
        on.post("/read", mortise::content_limit{1 << 30},
                [this](mortise::exchange& exchange) { return read(exchange); });
        on.get("/write", [this](mortise::exchange& exchange) { return write(exchange); });
    }

private:
    mortise::task<mortise::response> sleep(mortise::exchange&) {
        const census::one here{census_};
        co_await mortise::sleep_for(20ms);
        co_return mortise::text("slept\n");
    }

    mortise::task<int> branch(int number) {
        const census::one here{census_};
        co_await mortise::sleep_for(number * 5ms);
        co_return number;
    }

    mortise::task<mortise::response> gather(mortise::exchange&) {
        const census::one here{census_};
        std::vector<mortise::task<int>> branches;
        for (int number = 1; number != 5; ++number) {
            branches.push_back(branch(number));
        }
        const std::vector<int> all = co_await mortise::gather(branches);
        co_return mortise::text(all.size(), " branches\n");
    }

    mortise::task<mortise::response> offload(mortise::exchange&) {
        const census::one here{census_};
        auto block = [] { std::this_thread::sleep_for(2ms); };
        co_await mortise::offload(block);
        co_return mortise::text("done\n");
    }

    mortise::task<mortise::response> read(mortise::exchange& exchange) {
        const census::one here{census_};
        std::array<char, 1024> room;
        std::uint64_t total = 0;
        while (const std::size_t size = co_await exchange.read_some(room)) {
            total += size;
        }
        co_return mortise::text(total, " bytes\n");
    }

    // Without an end: the client leaves first.
    mortise::task<> write(mortise::exchange& exchange) {
        const census::one here{census_};
        const std::string piece(16 * 1024, 'x');
        mortise::stream out{exchange, mortise::text()};
        for (;;) {
            co_await out.write(piece);
        }
    }

    mortise::log log_;
    census census_;
};

MORTISE_PLUGIN(waiting, "waiting", "1.0.0")
