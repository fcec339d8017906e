// SPDX-License-Identifier: BSL-1.0
// One call of a plugin's create, configure, start or loop_start, while it runs.
#pragma once

#include "plugin/call_site.hpp"
#include "plugin/load_error.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace mortise::plugin {

class instance;

// Lives on the stack of the thread that makes the call; the host's functions that are allowed
// only during a step find it there. What runs on another thread finds none.
class lifecycle_step {
public:
    enum class kind : std::uint8_t { create, configure, start, loop_start };

    lifecycle_step(instance& owner, kind which) noexcept;
    lifecycle_step(const lifecycle_step&) = delete;
    lifecycle_step& operator=(const lifecycle_step&) = delete;
    ~lifecycle_step();

    // The step of `owner` that runs on this thread; nullptr where none does.
    static lifecycle_step* running(const instance& owner) noexcept;

    kind which() const noexcept { return which_; }
    void explain(std::string_view text) { explanation_ = text.substr(0, max_explanation); }

    // Calls, and judges what came back. An exception breaks the border's first rule, but a plugin
    // that does so while it is loaded need not take the host with it.
    template <class Call>
    std::optional<fault> run(Call call) {
        try {
            return judge(call());
        } catch (const std::exception& thrown) {
            return escaped(thrown.what());
        } catch (...) {
            return escaped("of unknown type");
        }
    }

private:
    static constexpr std::size_t max_explanation = 1024;

    std::optional<fault> judge(std::int32_t result) const;
    fault escaped(std::string_view what) const;

    const instance& owner_;
    kind which_;
    const entered_call entered_;
    lifecycle_step* outer_;
    std::string explanation_;
};

} // namespace mortise::plugin
