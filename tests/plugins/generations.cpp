// SPDX-License-Identifier: BSL-1.0
// No fault: says which generation it is. A test makes more of them out of the built file, by
// writing another number over the one in it.
#include <mortise/sdk.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace {

// Read through a pointer that the compiler may not look through, and so found in the file.
const char marker[] = "generation 000000";
const char* volatile text_of_marker = marker;

class generations {
public:
    generations() : line_{std::string{text_of_marker} + "\n"} {}

    void routes(mortise::routes& on) {
        on.get("/now", [this](const mortise::request&) { return mortise::text(line_); });
        on.get("/later", [this](mortise::exchange&) -> mortise::task<mortise::response> {
            co_await mortise::sleep_for(std::chrono::milliseconds{20});
            co_return mortise::text(line_);
        });
        on.get("/stream", [this](mortise::exchange& exchange) -> mortise::task<> {
            mortise::stream stream{exchange, mortise::response{}};
            for (int piece = 0; piece != 10; ++piece) {
                co_await stream.write(line_);
                co_await mortise::sleep_for(std::chrono::milliseconds{20});
            }
        });
        on.get("/large", [this](const mortise::request&) {
            std::string content;
            while (content.size() < 64 * 1024) {
                content += line_;
            }
            return mortise::response{}.with_content(std::move(content));
        });
        on.get("/forever", [this](mortise::exchange&) -> mortise::task<mortise::response> {
            co_await mortise::sleep_for(std::chrono::hours{1});
            co_return mortise::text(line_);
        });
    }

private:
    std::string line_;
};

} // namespace

MORTISE_PLUGIN(generations, "generations", "1.0.0")
