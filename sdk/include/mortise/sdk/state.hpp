// SPDX-License-Identifier: BSL-1.0
// What a plugin hands over when it is replaced.
#pragma once

#include <mortise/abi/ext/state.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/log.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// Takes what a plugin's save_state() writes. Valid, on the control thread, until that returns.
class state_writer {
public:
    // Used by the SDK.
    state_writer(const mortise_state& table, mortise_state_writer* to) noexcept
        : table_{table}, to_{to} {}
    state_writer(const state_writer&) = delete;
    state_writer& operator=(const state_writer&) = delete;

    // Adds bytes, which are copied. Throws std::length_error where all of them come to more than
    // 64 MiB.
    void write(std::string_view bytes) {
        if (table_.write(to_, detail::to_abi(bytes)) != MORTISE_OK) {
            throw std::length_error{"the host has no room for more of the state"};
        }
    }

private:
    const mortise_state& table_;
    mortise_state_writer* to_;
};

// What an earlier generation saved. Valid until restore_state() returns.
struct saved_state {
    std::uint32_t format; // the state_format of the plugin that saved it
    std::string_view bytes;
};

namespace detail {

// A plugin hands its state over where its class has all three:
//
//     static constexpr std::uint32_t state_format = 1; // of what save_state writes
//     void save_state(mortise::state_writer& to) const;  // may still serve meanwhile
//     bool restore_state(const mortise::saved_state& from); // false: begins without
template <class Type>
concept hands_state_over =
    requires(Type& plugin, const Type& old, state_writer& to, const saved_state& from) {
        { Type::state_format } -> std::convertible_to<std::uint32_t>;
        { old.save_state(to) } -> std::same_as<void>;
        { plugin.restore_state(from) } -> std::same_as<bool>;
    };

// Instance is detail::instance<Type>, which is `user`.
template <class Instance>
std::int32_t save_state(void* user, mortise_state_writer* to) noexcept {
    auto& self = *static_cast<Instance*>(user);
    try {
        state_writer writer{*self.services().state, to};
        std::as_const(self.plugin()).save_state(writer);
        return MORTISE_OK;
    } catch (const std::exception& error) {
        log{self.services()}.error("save_state threw: ", error.what());
    } catch (...) {
        log{self.services()}.error("save_state threw what is no std::exception");
    }
    return MORTISE_E_FAILED;
}

template <class Instance>
std::int32_t restore_state(void* user, std::uint32_t format, mortise_view bytes) noexcept {
    auto& self = *static_cast<Instance*>(user);
    try {
        const saved_state from{format, from_abi(bytes)};
        return self.plugin().restore_state(from) ? MORTISE_OK : MORTISE_DECLINED;
    } catch (const std::exception& error) {
        log{self.services()}.error("restore_state threw: ", error.what());
    } catch (...) {
        log{self.services()}.error("restore_state threw what is no std::exception");
    }
    return MORTISE_E_FAILED;
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
