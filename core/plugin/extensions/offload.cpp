// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.offload/1".
#include "async/work_pool.hpp"
#include "plugin/extensions/extensions.hpp"
#include "plugin/extensions/start.hpp"

namespace mortise::plugin {
namespace {

class offloaded final : public pending_operation, public async::work {
public:
    offloaded(mortise_operation& operation, instance& owner, void (*call)(void*),
              void* argument) noexcept
        : pending_operation{operation, owner}, call_{call}, argument_{argument} {}
    ~offloaded() override { owner().give_pool_place_back(); }

    void run() noexcept override {
        owner().call_quietly("offloaded work", [this] { call_(argument_); });
    }
    void deliver() noexcept override { finish(is_cancelled_ ? MORTISE_E_CANCELLED : MORTISE_OK); }

    void cancel() noexcept override {
        if (is_cancelled_) {
            return;
        }
        is_cancelled_ = true;
        if (loop_handle::of_this_thread()->pool().withdraw(*this)) {
            finish_cancelled_soon();
        }
    }

private:
    void (*call_)(void*);
    void* argument_;
    bool is_cancelled_ = false;
};

std::int32_t run(mortise_instance* of, void (*work)(void*), void* argument,
                 mortise_operation* operation) noexcept {
    const start_call call{of, operation, "offload run()"};
    if (!call.is_allowed()) {
        return call.refusal();
    }
    if (work == nullptr) {
        instance::from_abi(of)->report_fault("offload run(): work is null");
        return MORTISE_E_INVALID;
    }
    auto& by = *instance::from_abi(of);
    if (!by.take_pool_place()) {
        by.count_pool_refused();
        return MORTISE_E_BUSY;
    }
    auto& begun = call.begin<offloaded>(work, argument);
    if (!call.loop().pool().submit(begun, call.loop().loop())) {
        operation_list::undo(begun);
        by.count_pool_refused();
        return MORTISE_E_BUSY;
    }
    return MORTISE_PENDING;
}

} // namespace

constexpr mortise_offload offload_extension{
    .size = sizeof(mortise_offload), .reserved = 0, .run = run};

} // namespace mortise::plugin
