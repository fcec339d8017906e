// SPDX-License-Identifier: BSL-1.0
// The steps of an instance's life, as the host calls them. Control thread only.
#pragma once

#include <mortise/abi/plugin.h>
#include <mortise/sdk/config.hpp>
#include <mortise/sdk/detail/handler_store.hpp>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/routes.hpp>

#include <concepts>
#include <cstdint>
#include <exception>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

template <class Type>
concept registers_routes = requires(Type& plugin, routes& on) { plugin.routes(on); };

template <class Type>
concept plugin_type = registers_routes<Type> && (std::constructible_from<Type, const config&> ||
                                                 std::default_initializable<Type>);

// A plugin's object and its handlers; these go first, since they may hold the object's `this`.
template <class Type>
class instance {
public:
    instance(const mortise_host& host, mortise_instance* handle)
        requires std::constructible_from<Type, const config&>
        : host_{host}, handle_{handle}, plugin_(config{host, handle}), handlers_{host, handle} {}

    instance(const mortise_host& host, mortise_instance* handle)
        : host_{host}, handle_{handle}, plugin_(), handlers_{host, handle} {}

    void configure() {
        routes on{handlers_};
        plugin_.routes(on);
    }

    const mortise_host& host() const noexcept { return host_; }
    mortise_instance* handle() const noexcept { return handle_; }

private:
    const mortise_host& host_;
    mortise_instance* handle_;
    Type plugin_;
    handler_store handlers_;
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
        return explain_exception(self.host(), self.handle());
    }
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
    description.destroy = destroy<Type>;
    return description;
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
