// SPDX-License-Identifier: BSL-1.0
// Filters of the C++ SDK: one that waits, by what the query says, and one behind responses.
#include <mortise/sdk.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>

class cpp_filters {
public:
    explicit cpp_filters(const mortise::config& config) : log_{config.log()} {}
    ~cpp_filters() { log_.info("gone"); }

    void filters(mortise::filters& in) {
        in.on_request("slow", [](mortise::exchange& exchange) { return judge(exchange); });
        in.on_response("stamp", [](const mortise::request& request, mortise::response_head& head) {
            if (request.query() == "throw") {
                throw std::runtime_error{"on purpose"};
            }
            if (request.query() == "refused") {
                head.set_field("Connection", "close");
            }
            head.add_field("X-Length", std::to_string(head.content_length().value_or(0)));
            if (head.status() == 200) {
                head.set_status(203);
            }
        });
    }

private:
    static mortise::task<std::optional<mortise::response>> judge(mortise::exchange& exchange) {
        const std::string query{exchange.request().query()};
        if (query == "at-once") {
            co_return mortise::text("answered at once\n");
        }
        co_await mortise::sleep_for(std::chrono::milliseconds{1});
        if (query == "answer") {
            co_return mortise::text("answered by ", exchange.request().path(), "\n");
        }
        if (query == "error") {
            throw mortise::http_error{418, "No"};
        }
        if (query == "unknown") {
            throw std::runtime_error{"on purpose"};
        }
        co_return std::nullopt;
    }

    mortise::log log_;
};

MORTISE_PLUGIN(cpp_filters, "cpp-filters", "1.0.0")
