// SPDX-License-Identifier: BSL-1.0
// Asks many sources at once and answers when the last one has: GET /fan-out.
#include <mortise/sdk.hpp>

#include <chrono>
#include <numeric>
#include <vector>

class fan_out {
public:
    explicit fan_out(const mortise::config& config)
        : branches_{config.get_or<int>("branches", 10)},
          delay_{config.get_or<int>("delay-ms", 100)} {}

    void routes(mortise::routes& on) {
        on.get("/fan-out", [this](mortise::exchange& exchange) { return ask_all(exchange); });
        on.get("/fan-out/first", [this](mortise::exchange& exchange) { return ask_two(exchange); });
        on.get("/fan-out/in-time",
               [this](mortise::exchange& exchange) { return ask_in_time(exchange); });
    }

private:
    // Stands for a question to another service, which takes its time.
    mortise::task<int> ask(int source, std::chrono::milliseconds delay) const {
        co_await mortise::sleep_for(delay);
        co_return source;
    }

    mortise::task<mortise::response> ask_all(mortise::exchange&) const {
        std::vector<mortise::task<int>> questions;
        for (int source = 0; source != branches_; ++source) {
            questions.push_back(ask(source, delay_));
        }
        const std::vector<int> answers = co_await mortise::gather(questions);
        const int sum = std::accumulate(answers.begin(), answers.end(), 0);
        co_return mortise::text(answers.size(), " answers, sum ", sum, '\n');
    }

    // The slower one is cancelled.
    mortise::task<mortise::response> ask_two(mortise::exchange&) const {
        const auto first = co_await mortise::when_any(ask(1, 10 * delay_), ask(2, delay_));
        co_return mortise::text("source ", first.index() + 1, " was first\n");
    }

    mortise::task<mortise::response> ask_in_time(mortise::exchange&) const {
        try {
            const int source = co_await mortise::with_timeout(delay_, ask(1, 10 * delay_));
            co_return mortise::text("source ", source, " answered in time\n");
        } catch (const mortise::timed_out&) {
            throw mortise::http_error{504, "The source did not answer in time"};
        }
    }

    int branches_;
    std::chrono::milliseconds delay_;
};

MORTISE_PLUGIN(fan_out, "fan-out", "1.0.0")
