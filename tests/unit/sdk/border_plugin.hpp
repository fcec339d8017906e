// SPDX-License-Identifier: BSL-1.0
// A plugin in a test that uses the border's functions directly, without the SDK.
#pragma once

#include <mortise/abi/ext/config.h>
#include <mortise/abi/ext/content.h>
#include <mortise/abi/ext/log.h>
#include <mortise/abi/ext/loop.h>
#include <mortise/abi/ext/offload.h>
#include <mortise/abi/ext/timer.h>
#include <mortise/abi/plugin.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::test {

inline mortise_view view_of(std::string_view text) {
    return {text.data(), text.size()};
}

// One at a time. Its handlers are functions of the test.
class border_plugin {
public:
    using handler = std::function<std::int32_t(mortise_exchange, const mortise_request&)>;

    border_plugin() { current() = this; }
    border_plugin(const border_plugin&) = delete;
    border_plugin& operator=(const border_plugin&) = delete;
    ~border_plugin() { current() = nullptr; }

    void on(std::string method, std::string pattern, std::uint32_t flags, handler call,
            std::uint64_t content_limit = 0) {
        routes_.push_back(
            {std::move(method), std::move(pattern), flags, std::move(call), content_limit});
    }
    void clear() { routes_.clear(); }
    // What a step does beside its own work; its code is the step's.
    std::function<std::int32_t(std::string_view step)> at_step = [](std::string_view) { return 0; };

    const mortise_host* host = nullptr;
    mortise_instance* instance = nullptr;
    mortise_loop* loop = nullptr;
    std::string steps; // those that were called: "create configure …"

    template <class Table>
    const Table& extension(const char* name) const {
        return *static_cast<const Table*>(host->extension(view_of(name)));
    }
    const mortise_timer& timer() const { return extension<mortise_timer>(MORTISE_TIMER_EXTENSION); }
    const mortise_offload& offload() const {
        return extension<mortise_offload>(MORTISE_OFFLOAD_EXTENSION);
    }
    const mortise_content& content() const {
        return extension<mortise_content>(MORTISE_CONTENT_EXTENSION);
    }
    const mortise_loop_calls& loops() const {
        return extension<mortise_loop_calls>(MORTISE_LOOP_EXTENSION);
    }
    const mortise_log& log() const { return extension<mortise_log>(MORTISE_LOG_EXTENSION); }
    const mortise_config& config() const {
        return extension<mortise_config>(MORTISE_CONFIG_EXTENSION);
    }

    std::int32_t reply(mortise_exchange exchange, std::string_view content) const {
        mortise_reply answer{};
        answer.size = sizeof answer;
        answer.status = 200;
        answer.content = view_of(content);
        return host->reply(exchange, &answer);
    }
    std::int32_t begin(mortise_exchange exchange,
                       std::int64_t length = MORTISE_LENGTH_UNKNOWN) const {
        mortise_reply head{};
        head.size = sizeof head;
        head.status = 200;
        return content().begin(exchange, &head, length);
    }

    struct mortise_plugin descriptor() const {
        struct mortise_plugin all {};
        all.size = sizeof all;
        all.abi_version = MORTISE_ABI_VERSION;
        all.id = "border";
        all.version = "1.0.0";
        all.create = create;
        all.configure = configure;
        all.start = [](void*) { return current()->step("start"); };
        all.loop_start = [](void*, mortise_loop* entered, void** loop_state) {
            current()->loop = entered;
            *loop_state = current();
            return current()->step("loop_start");
        };
        all.quiesce = [](void*) { current()->step("quiesce"); };
        all.loop_stop = [](void*, mortise_loop*, void*) { current()->step("loop_stop"); };
        all.destroy = [](void*) { current()->step("destroy"); };
        return all;
    }

private:
    struct wanted {
        std::string method;
        std::string pattern;
        std::uint32_t flags;
        handler call;
        std::uint64_t content_limit;
    };

    static border_plugin*& current() {
        static border_plugin* only = nullptr;
        return only;
    }

    std::int32_t step(std::string_view name) {
        steps += (steps.empty() ? "" : " ") + std::string{name};
        return at_step(name);
    }

    static std::int32_t create(const mortise_host* host, mortise_instance* instance, void** state) {
        current()->host = host;
        current()->instance = instance;
        *state = current();
        return current()->step("create");
    }

    static std::int32_t configure(void*) {
        for (const wanted& each : current()->routes_) {
            mortise_route route{};
            route.size = sizeof route;
            route.flags = each.flags;
            route.method = view_of(each.method);
            route.pattern = view_of(each.pattern);
            route.content_limit = each.content_limit;
            route.user = const_cast<handler*>(&each.call);
            route.handle = [](void* user, mortise_exchange exchange,
                              const mortise_request* request) {
                return (*static_cast<handler*>(user))(exchange, *request);
            };
            if (const auto code = current()->host->add_route(current()->instance, &route);
                code != MORTISE_OK) {
                return code;
            }
        }
        return current()->step("configure");
    }

    std::vector<wanted> routes_;
};

// An operation that keeps what it came to, and then calls `then`.
struct kept_operation : mortise_operation {
    kept_operation() : mortise_operation{} {
        size = sizeof(mortise_operation);
        complete = [](mortise_operation* self, std::int32_t status) {
            auto& kept = *static_cast<kept_operation*>(self);
            kept.statuses.push_back(status);
            if (kept.then) {
                kept.then(status);
            }
        };
    }

    std::vector<std::int32_t> statuses; // of each completion
    std::function<void(std::int32_t)> then;
};

} // namespace mortise::test
