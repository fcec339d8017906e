// SPDX-License-Identifier: BSL-1.0
// All that a testing host consists of, and how it passes time and requests.
#pragma once

#include <mortise/testing/detail/exchange_border.hpp>
#include <mortise/testing/detail/exchange_host.hpp>
#include <mortise/testing/detail/hold_list.hpp>
#include <mortise/testing/detail/instance.hpp>
#include <mortise/testing/detail/line_list.hpp>
#include <mortise/testing/detail/metric_list.hpp>
#include <mortise/testing/detail/operation_list.hpp>
#include <mortise/testing/detail/registry.hpp>
#include <mortise/testing/detail/router.hpp>
#include <mortise/testing/detail/stage.hpp>
#include <mortise/testing/detail/worker_pool.hpp>
#include <mortise/testing/failure.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Thread: the test's, but for what its parts say.
class host_core : public stage {
public:
    explicit host_core(const host_options& chosen)
        : stage{chosen}, operations{*this}, pool{loop, chosen.offloads_inline} {}
    ~host_core() {
        registry::of_process().remove(number_);
        look_at_memory(0);
    }

    operation_list operations;
    worker_pool pool;
    router routes;
    line_list lines;
    hold_list holds;
    metric_list metrics;
    std::string* saved = nullptr;                       // what save writes to, while it runs
    bool is_saved_full = false;                         // it wrote more than there is room for
    std::vector<std::shared_ptr<const filter>> filters; // in the order in which they run
    std::vector<std::shared_ptr<instance>> instances;
    std::deque<loop_handle> loops;

    // Null: not held by a plugin, or never was.
    std::shared_ptr<exchange> held(mortise_exchange number) const {
        const auto found = exchanges_.find(number);
        return found != exchanges_.end() && found->second->is_held() ? found->second : nullptr;
    }
    // Those that are not over, or whose response the client has not taken.
    std::vector<std::shared_ptr<exchange>> exchanges_of(const instance* owner) const {
        std::vector<std::shared_ptr<exchange>> all;
        for (const auto& [number, each] : exchanges_) {
            if (each->taken() != nullptr && each->taken()->owner == owner) {
                all.push_back(each);
            }
        }
        return all;
    }

    // Everything that can run now, offloaded work included.
    void run() {
        if (!plays(part::test)) {
            throw failure{"the host is run by the test's thread, and not from a plugin's code"};
        }
        for (settle(); pool.running() != 0; settle()) {
            if (!loop.wait_for_post(std::chrono::minutes{1})) {
                std::fprintf(stderr, "offloaded work has not returned for a minute: %s\n",
                             operations.names().c_str());
                std::abort();
            }
        }
        forget_ended();
    }

    void advance_to(std::uint64_t when) {
        run();
        while (loop.next_time().value_or(UINT64_MAX) <= when) {
            set_time(*loop.next_time());
            run();
        }
        set_time(when);
        run();
    }

    std::shared_ptr<exchange> begin(request asked);
    void proceed(exchange& at);
    void finish(const exchange& waited_for);
    void call_if_whole(exchange& at);

    // Looks at the memory of ended exchanges, all but the last `keeps` of them, and frees it.
    void look_at_memory(std::size_t keeps) {
        while (ended_memory_.size() > keeps) {
            if (ended_memory_.front().second.was_written()) {
                faults.add(ended_memory_.front().first +
                           ": memory of the exchange was written to after its end");
            }
            ended_memory_.pop_front();
        }
    }

private:
    void set_time(std::uint64_t when) {
        if (when > loop.now()) {
            loop.set_time(when);
        }
    }

    void settle() {
        for (int count = 0; count != 100'000; ++count) {
            if (!loop.run_one() && !pool.begin_queued()) {
                return;
            }
        }
        throw failure{"the event loop never comes to rest: 100000 events at one time"};
    }

    void forget_ended() {
        std::erase_if(exchanges_, [](const auto& each) {
            return each.second->is_over() && each.second->response().has_ended;
        });
    }

    void answer_unrouted(exchange& at, const router::found& found);
    std::string reason_for_waiting(const exchange& waited_for) const;

    const std::uint64_t number_ = registry::of_process().add(*this);
    std::uint64_t exchange_count_ = 0;
    std::map<mortise_exchange, std::shared_ptr<exchange>> exchanges_;
    std::deque<std::pair<std::string, exchange_memory>> ended_memory_;
};

// A request arrives: its handler is called, where its content is whole or not asked for.
inline std::shared_ptr<exchange> host_core::begin(request asked) {
    if (!plays(part::test)) {
        throw failure{"a request is sent by the test's thread, and not from a plugin's code"};
    }
    const auto number = registry::number(number_, ++exchange_count_);
    const auto made = std::make_shared<exchange>(*this, operations, number, std::move(asked));
    exchanges_.emplace(number, made);
    made->when_over = [this](exchange& over, exchange_memory&& memory) {
        ended_memory_.emplace_back(over.name(), std::move(memory));
        look_at_memory(64);
    };
    const auto at = read_target(made->asked().target());
    if (!at) {
        made->answer_instead(400, "The request target breaks a rule");
        return made;
    }
    std::string authority;
    for (const auto& [name, value] : made->asked().fields()) {
        authority = mortise::detail::is_same_name(name, "Host") ? value : authority;
    }
    made->arrive(*at, std::move(authority), filters);
    proceed(*made);
    return made;
}

// Through the filters that are ahead, and to its handler.
inline void host_core::proceed(exchange& at) {
    if (!at.enter_filters()) {
        return;
    }
    auto found = routes.find(at.asked().method(), at.authority(), at.at().path);
    if (found.taken == nullptr) {
        answer_unrouted(at, found);
        return;
    }
    const auto& owner = *found.taken->owner;
    at.take_route(std::move(found), owner.id, options.content_limit);
    call_if_whole(at);
}

// Calls the handler of an exchange that has not been handled yet, unless its content is to come.
inline void host_core::call_if_whole(exchange& at) {
    if (!at.is_collecting()) {
        return;
    }
    const auto& owner = *at.taken()->owner;
    if (!at.taken()->has(MORTISE_ROUTE_CONTENT) || at.content().is_whole()) {
        at.call_handler(owner.loop->to_abi(), owner.loop_state);
    } else if (at.content().fault() != 0) {
        at.refuse_content();
    }
}

inline void host_core::answer_unrouted(exchange& at, const router::found& found) {
    if (found.known.empty() && at.asked().target() != "*") {
        at.answer_instead(404, "No route serves this path");
        return;
    }
    const field_lines allow{{"Allow", router::allow_value(found.known)}};
    if (at.asked().method() == "OPTIONS") {
        at.answer_instead(204, "", allow);
    } else {
        at.answer_instead(405, "The path does not take this method", allow);
    }
}

// Runs and lets time pass until the client has all of the response. Throws a failure that says what
// it waits for.
inline void host_core::finish(const exchange& waited_for) {
    const std::uint64_t patience = static_cast<std::uint64_t>(options.patience.count());
    const std::uint64_t last = loop.now() + patience;
    run();
    while (!waited_for.response().has_ended) {
        const auto next = loop.next_time();
        if (!next || *next > last) {
            throw failure{waited_for.name() + " is not answered" +
                          (next ? " within the host's patience: " : ": ") +
                          reason_for_waiting(waited_for)};
        }
        set_time(*next);
        run();
    }
}

inline std::string host_core::reason_for_waiting(const exchange& waited_for) const {
    if (waited_for.is_collecting()) {
        return "its content has not come whole: push_content(), end_content()";
    }
    if (waited_for.response().has_head && waited_for.response().window == 0) {
        return "the client takes no more of it: take()";
    }
    if (const auto names = operations.names(); !names.empty()) {
        return "pending is " + names;
    }
    return "no operation is pending that would call the plugin again";
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
