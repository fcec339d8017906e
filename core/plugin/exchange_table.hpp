// SPDX-License-Identifier: BSL-1.0
// Which exchanges of one loop plugins hold, by numbers that are never valid twice.
#pragma once

#include "http/exchange.hpp"
#include "plugin/exchange_number.hpp"
#include "plugin/handler.hpp"
#include "plugin/loop_handle.hpp"

#include <mortise/abi/request.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mortise::plugin {

class instance;

// One for each loop. Everything [loop] but of_this_thread(). A slot's generation grows with each
// use; after the last generation the slot is never used again.
class exchange_table {
public:
    explicit exchange_table(loop_handle& loop);
    exchange_table(const exchange_table&) = delete;
    exchange_table& operator=(const exchange_table&) = delete;
    ~exchange_table();

    // Makes this table the calling thread's, before the loop serves; and takes it away again.
    void attach() noexcept { of_thread_ = this; }
    void detach() noexcept { of_thread_ = nullptr; }
    // nullptr on a thread that is no loop. [any]
    static exchange_table* of_this_thread() noexcept { return of_thread_; }

    loop_handle& loop() const noexcept { return loop_; }

    // Whether the next hold() gives a number. Throws std::bad_alloc.
    bool has_room() { return first_free_ != no_slot || add_slot(); }

    // A number for `exchange`, valid until it is used up; 0 where every slot is taken.
    mortise_exchange hold(http::exchange& exchange, const handler& route) {
        if (!has_room()) {
            return 0;
        }
        slot& taken = slots_[first_free_];
        first_free_ = taken.next_free;
        taken.exchange = &exchange;
        taken.route = &route;
        return taken.number | route.number_part();
    }

    bool is_held(mortise_exchange number) const noexcept { return find(number) != nullptr; }

    struct holding {
        http::exchange* exchange = nullptr; // nullptr: not held
        const handler* route = nullptr;
    };
    // What the number stands for, which stays held.
    holding look_up(mortise_exchange number) const noexcept {
        const slot* const found = find(number);
        return found != nullptr ? holding{found->exchange, found->route} : holding{};
    }
    // What the number stands for; it is used up by this, and the caller owes the answer. Nothing
    // where the number is not held.
    holding take(mortise_exchange number) noexcept {
        const slot* const found = find(number);
        if (found == nullptr) {
            return {};
        }
        const holding taken{found->exchange, found->route};
        free_slot(static_cast<std::size_t>(found - slots_.data()));
        return taken;
    }

    // The same with the first that `is_wanted(holding)` is true of.
    template <class Predicate>
    holding take_first(Predicate is_wanted) noexcept {
        for (std::size_t index = 0; index < slots_.size(); ++index) {
            const holding there{slots_[index].exchange, slots_[index].route};
            if (there.exchange != nullptr && is_wanted(there)) {
                free_slot(index);
                return there;
            }
        }
        return {};
    }

    // How many exchanges are held by `owner`, or by all.
    std::size_t held_by(const instance& owner) const noexcept;
    std::size_t held() const noexcept;

    // Whether a filter holds an exchange that began in an earlier cohort: it may yet go on to any
    // handler that was in service then.
    bool has_filtered_before(std::uint32_t cohort) const noexcept;

    // Gives up on each exchange that `owner` holds, and on those that has_filtered_before() is
    // about. Their plugins still owe a reply.
    void cut_off(const instance& owner, std::uint32_t cohort, const http::problem& why) noexcept;

    // Answers each exchange that is still held with `why`, in its plugin's place; a later reply is
    // refused. For the end of a drain.
    void answer_held(const http::problem& why) noexcept;

private:
    static constexpr std::uint32_t no_slot = UINT32_MAX;

    struct slot {
        http::exchange* exchange; // nullptr: free
        const handler* route;
        std::uint64_t number; // of this use or the next, without the instance
        std::uint32_t next_free;
    };

    static bool is_filtered_before(const slot& each, std::uint32_t cohort) noexcept;
    const slot* find(mortise_exchange number) const noexcept {
        const auto index = static_cast<std::size_t>(number % exchange_number::max_slots);
        if (index >= slots_.size()) {
            return nullptr;
        }
        const slot& there = slots_[index];
        const bool is_it = there.number == (number & ~exchange_number::instance_bits);
        return is_it && there.exchange != nullptr ? &there : nullptr;
    }
    static void give_request_back(const handler& route) noexcept;
    bool add_slot();
    void free_slot(std::size_t index) noexcept {
        slot& used = slots_[index];
        if (used.route->is_counted()) [[unlikely]] {
            give_request_back(*used.route);
        }
        used.exchange = nullptr;
        used.number += exchange_number::one_generation;
        if (used.number >= exchange_number::one_generation) {
            used.next_free = first_free_;
            first_free_ = static_cast<std::uint32_t>(index);
        }
    }

    static inline constinit thread_local exchange_table* of_thread_ = nullptr;

    loop_handle& loop_;
    std::vector<slot> slots_;
    std::uint32_t first_free_ = no_slot;
};

} // namespace mortise::plugin
