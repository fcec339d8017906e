// SPDX-License-Identifier: BSL-1.0
// Entering, serving and leaving a loop.
#include "server/worker.hpp"

#include "async/loop.hpp"
#include "observe/log.hpp"
#include "observe/stack.hpp"
#include "plugin/instance.hpp"
#include "server/fleet.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {
// How often plugins that are to let go of what they hold are looked at.
constexpr base::milliseconds settling_period{2};
} // namespace

worker::worker(async::loop& loop, async::work_pool& pool, const http1::settings& settings,
               fleet& fleet, const http1::observation& told, std::size_t capacity)
    : loop_{loop, pool},
      settling_{loop.context()},
      fleet_{fleet},
      exchanges_{loop_},
      service_{loop, settings, fleet.current().handler(), told, capacity} {}

std::vector<plugin::load_error> worker::enter() {
    thread_ = ::pthread_self();
    thread_number_ = ::gettid();
    site_ = &plugin::call_site::of_this_thread();
    escape_ = async::escape::of_this_thread();
    sigset_t taken;
    ::sigemptyset(&taken);
    ::sigaddset(&taken, sampling_signal());
    ::pthread_sigmask(SIG_UNBLOCK, &taken, nullptr);
    loop_.attach();
    exchanges_.attach();
    std::vector<plugin::load_error> errors;
    for (const auto& instance : fleet_.instances()) {
        if (auto error = instance->enter_loop(loop_)) {
            errors.push_back(std::move(*error));
        }
    }
    return errors;
}

// Its frames are to be the plugin's alone, so that no lock of a library is held in them, and below
// them those of a turn that can go on.
bool worker::leave_call(const plugin::entered_call& call, const observe::stack& met,
                        void* signal_context) noexcept {
    return call.may_be_left() && loop_.loop().can_go_on() &&
           call.owner().is_called_alone(met.frames()) &&
           escape_.begin(
               signal_context, [](void* self) { static_cast<worker*>(self)->go_on(); }, this);
}

void worker::go_on() noexcept {
    const auto& left = *plugin::entered_call::innermost();
    plugin::entered_call::leave_all();
    give_up_on(left);
    loop_.loop().go_on();
}

// The exchange is that of the turn, or the one in whose memory the operation lies that has ended,
// as those of the SDK's coroutines do. What may wait leaves more behind in that memory than the
// call.
void worker::give_up_on(const plugin::entered_call& left) noexcept {
    constexpr http::problem why{504, "The handler did not return"};
    const auto* const of_turn = service_.leave_turn();
    const auto held = left.route() != nullptr
                          ? exchanges_.take(left.exchange())
                          : exchanges_.take_first([&](const auto& each) {
                                return &each.route->owner() == &left.owner() &&
                                       (each.exchange == of_turn ||
                                        each.exchange->memory().holds(left.operation()));
                            });
    if (held.exchange == nullptr) { // it has replied
        return;
    }
    if (!held.exchange->is_answered()) {
        held.exchange->observe(nullptr);
        held.exchange->cut_off(why);
    }
    if (held.route->route().may_wait()) {
        held.exchange->set_aside();
    } else {
        http::respond_with(*held.exchange, why);
    }
}

worker::rest worker::rest_of(const plugin::instance& leaving, std::uint32_t last) const noexcept {
    return {.exchanges = exchanges_.held_by(leaving),
            .operations = loop_.operations().count_of(leaving),
            .pins = leaving.pins(),
            .is_at_filter = exchanges_.has_filtered_before(last + 1)};
}

void worker::cut_off(const plugin::instance& leaving, std::uint32_t last) noexcept {
    exchanges_.cut_off(leaving, last + 1, {503, "The plugin was replaced"});
    loop_.operations().cancel_of(leaving);
}

void worker::cancel(base::milliseconds patience, std::function<void()> on_settled) {
    service_.close(); // no request comes any more, and no memory stays lent
    loop_.operations().cancel_all();
    wait_until_settled(base::monotonic_now() + patience, std::move(on_settled));
}

void worker::wait_until_settled(base::instant end, std::function<void()> on_settled) {
    if (is_settled() || base::monotonic_now() >= end) {
        report_unsettled();
        return on_settled();
    }
    settling_.expires_after(settling_period);
    settling_.async_wait(
        [this, end, on_settled = std::move(on_settled)](const boost::system::error_code&) mutable {
            loop_.operations().cancel_all(); // those that were begun since
            wait_until_settled(end, std::move(on_settled));
        });
}

bool worker::is_settled() noexcept {
    return exchanges_.held() == 0 && loop_.operations().is_empty() &&
           std::ranges::none_of(fleet_.instances(),
                                [](const auto& each) { return each->is_held(); });
}

void worker::report_unsettled() {
    for (const auto& instance : fleet_.instances()) {
        const auto exchanges = exchanges_.held_by(*instance);
        const auto operations = loop_.operations().count_of(*instance);
        if (exchanges != 0 || operations != 0) {
            observe::log(observe::level::warning, "a plugin does not let go of what was cancelled",
                         {{"plugin", instance->id()},
                          {"exchanges", std::to_string(exchanges)},
                          {"operations", std::to_string(operations)}});
        }
    }
}

void worker::leave() {
    exchanges_.answer_held({503, "The server is stopping"}); // in the place of who never replies
    for (const auto& instance : fleet_.instances()) {
        instance->leave_loop(loop_);
    }
    exchanges_.detach();
    loop_.detach();
}

} // namespace mortise::server
