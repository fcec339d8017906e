// SPDX-License-Identifier: BSL-1.0
// The steps of an instance's life, as the host calls them. Control thread only.
#pragma once

#include <mortise/abi/plugin.h>
#include <mortise/sdk/config.hpp>
#include <mortise/sdk/detail/filter_store.hpp>
#include <mortise/sdk/detail/handler_store.hpp>
#include <mortise/sdk/detail/loop_state.hpp>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/filters.hpp>
#include <mortise/sdk/metrics.hpp>
#include <mortise/sdk/routes.hpp>
#include <mortise/sdk/state.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

template <class Type>
concept registers_routes = requires(Type& plugin, routes& on) { plugin.routes(on); };

template <class Type>
concept registers_filters = requires(Type& plugin, filters& in) { plugin.filters(in); };

template <class Type>
concept registers_metrics = requires(Type& plugin, metrics& in) { plugin.metrics(in); };

template <class Type>
concept plugin_type = (registers_routes<Type> || registers_filters<Type>)&&(
    std::constructible_from<Type, const config&> || std::default_initializable<Type>);

// A plugin's object and its handlers; these go first, since they may hold the object's `this`.
template <class Type>
class instance {
public:
    instance(const mortise_host& host, mortise_instance* handle)
        requires std::constructible_from<Type, const config&>
        : services_{host, handle},
          plugin_(config{services_}),
          handlers_{services_},
          filters_{services_} {}

    instance(const mortise_host& host, mortise_instance* handle)
        : services_{host, handle}, plugin_(), handlers_{services_}, filters_{services_} {}

    void configure() {
        if constexpr (registers_metrics<Type>) {
            metrics in{services_};
            plugin_.metrics(in);
        }
        if constexpr (hands_state_over<Type>) {
            offer_state();
        }
        if constexpr (registers_routes<Type>) {
            routes on{handlers_};
            plugin_.routes(on);
        }
        if constexpr (registers_filters<Type>) {
            filters in{filters_};
            plugin_.filters(in);
        }
    }

    const detail::services& services() const noexcept { return services_; }
    Type& plugin() noexcept { return plugin_; }

    loop_state* enter_loop(mortise_loop* loop) {
        const std::lock_guard lock{mutex_};
        loops_.reserve(loops_.size() + 1);
        auto made = std::make_unique<loop_state>(services_);
        loops_.emplace_back(loop, std::move(made));
        return loops_.back().second.get();
    }
    void leave_loop(mortise_loop* loop) noexcept {
        const std::lock_guard lock{mutex_};
        std::erase_if(loops_, [&](const auto& each) { return each.first == loop; });
    }
    // Cancels the background tasks, each on its loop.
    void quiesce() noexcept {
        const auto cancel = [](void* state) {
            static_cast<loop_state*>(state)->background().cancel();
        };
        const std::lock_guard lock{mutex_};
        for (const auto& [loop, state] : loops_) {
            if (services_.loop != nullptr) {
                services_.loop->post(loop, cancel, state.get());
            }
        }
    }

private:
    // A host that replaces no plugins need not know how to.
    void offer_state() {
        const mortise_state_offer offer{.size = sizeof offer,
                                        .format = Type::state_format,
                                        .save = save_state<instance>,
                                        .restore = restore_state<instance>,
                                        .user = this};
        if (services_.state != nullptr) {
            services_.state->offer(services_.instance, &offer);
        }
    }

    detail::services services_;
    Type plugin_;
    handler_store handlers_;
    filter_store filters_;
    std::mutex mutex_;
    std::vector<std::pair<mortise_loop*, std::unique_ptr<loop_state>>> loops_; // guarded by mutex_
};

// Inside a catch: gives the host the exception's text as the reason for the failure.
inline std::int32_t explain_exception(const mortise_host& host, mortise_instance* handle) noexcept {
    try {
        throw;
    } catch (const std::exception& error) {
        host.explain(handle, to_abi(error.what()));
    } catch (...) {
        host.explain(handle, to_abi("it threw what is no std::exception"));
    }
    return MORTISE_E_FAILED;
}

template <class Type>
std::int32_t create(const mortise_host* host, mortise_instance* handle, void** state) noexcept {
    try {
        judge_host(*host);
        *state = new instance<Type>{*host, handle};
        return MORTISE_OK;
    } catch (...) {
        return explain_exception(*host, handle);
    }
}

template <class Type>
std::int32_t configure(void* state) noexcept {
    auto& self = *static_cast<instance<Type>*>(state);
    try {
        self.configure();
        return MORTISE_OK;
    } catch (...) {
        return explain_exception(self.services().host, self.services().instance);
    }
}

template <class Type>
std::int32_t start_loop(void* state, mortise_loop* loop, void** loop_state) noexcept {
    auto& self = *static_cast<instance<Type>*>(state);
    try {
        *loop_state = self.enter_loop(loop);
        return MORTISE_OK;
    } catch (...) {
        return explain_exception(self.services().host, self.services().instance);
    }
}

template <class Type>
void stop_loop(void* state, mortise_loop* loop, void*) noexcept {
    static_cast<instance<Type>*>(state)->leave_loop(loop);
}

template <class Type>
void quiesce(void* state) noexcept {
    static_cast<instance<Type>*>(state)->quiesce();
}

template <class Type>
void destroy(void* state) noexcept {
    delete static_cast<instance<Type>*>(state);
}

template <class Type>
constexpr struct mortise_plugin describe(const char* id, const char* version) noexcept {
    struct mortise_plugin description {};
    description.size = sizeof description;
    description.abi_version = MORTISE_ABI_VERSION;
    description.id = id;
    description.version = version;
    description.create = create<Type>;
    description.configure = configure<Type>;
    description.loop_start = start_loop<Type>;
    description.quiesce = quiesce<Type>;
    description.loop_stop = stop_loop<Type>;
    description.destroy = destroy<Type>;
    return description;
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
