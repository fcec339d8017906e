// SPDX-License-Identifier: BSL-1.0
// Is not created before a file is there, which its configuration names.
#include <mortise/sdk.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

class waits_in_create {
public:
    explicit waits_in_create(const mortise::config& config) {
        const std::filesystem::path file{std::string{config.get<std::string>("until")}};
        while (!std::filesystem::exists(file)) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
    }
    void routes(mortise::routes& on) {
        on.get("/waited", [](const mortise::request&) { return mortise::text("waited\n"); });
    }
};

MORTISE_PLUGIN(waits_in_create, "waits-in-create", "1.0.0")
