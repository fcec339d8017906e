// SPDX-License-Identifier: BSL-1.0
// A clock as server-sent events: GET /events.
#include <mortise/sdk.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

using namespace std::chrono_literals;

class events {
public:
    explicit events(const mortise::config& config)
        : period_{config.get_or<int>("period-ms", 1000)} {}

    void routes(mortise::routes& on) {
        on.get("/events", [this](mortise::exchange& exchange) { return tick(exchange); });
    }

private:
    static std::string time_text() {
        const std::time_t now = std::time(nullptr);
        std::tm parts{};
        gmtime_r(&now, &parts);
        char text[sizeof "00:00:00"];
        std::strftime(text, sizeof text, "%T", &parts);
        return text;
    }

    // A client that comes back goes on with the number behind the last that it got.
    static std::uint64_t first_number(const mortise::event_stream& stream) {
        const auto last = stream.last_event_id().value_or("");
        std::uint64_t number = 0;
        std::from_chars(last.data(), last.data() + last.size(), number);
        return number + 1;
    }

    // Runs until the client leaves: then the co_await throws.
    mortise::task<> tick(mortise::exchange& exchange) const {
        mortise::event_stream stream{exchange};
        for (std::uint64_t number = first_number(stream);; ++number) {
            mortise::event tick{time_text()};
            tick.with_id(std::to_string(number)).with_type("tick");
            co_await stream.send(tick);
            co_await mortise::sleep_for(period_);
        }
    }

    std::chrono::milliseconds period_;
};

MORTISE_PLUGIN(events, "events", "1.0.0")
