// SPDX-License-Identifier: BSL-1.0
// Which exchanges of one loop plugins hold, by numbers that are never valid twice.
#pragma once

#include "http/exchange.hpp"
#include "plugin/loop_handle.hpp"

#include <mortise/abi/request.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mortise::plugin {

class handler;
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
    void attach() noexcept;
    void detach() noexcept;
    // nullptr on a thread that is no loop. [any]
    static exchange_table* of_this_thread() noexcept;

    loop_handle& loop() const noexcept { return loop_; }

    // A number for `exchange`, valid until it is used up; 0 where every slot is taken.
    mortise_exchange hold(http::exchange& exchange, const handler& route);
    bool is_held(mortise_exchange number) const noexcept;
    // Makes the number invalid without an answer: the caller answers the exchange itself.
    void use_up(mortise_exchange number) noexcept;

    // The host's reply(): judges number and reply, answers the exchange. Codes of mortise_host.
    std::int32_t reply(mortise_exchange number, const mortise_reply* reply) noexcept;

    // How many exchanges are held by `owner`, or by all.
    std::size_t held_by(const instance& owner) const noexcept;
    std::size_t held() const noexcept { return held_; }

    // Answers each exchange that is still held with `why`, in its plugin's place; a later reply is
    // refused. For the end of a drain.
    void answer_held(const http::problem& why) noexcept;

private:
    struct slot {
        http::exchange* exchange = nullptr; // nullptr: free
        const handler* route = nullptr;     // of the present use, or of the last
        std::uint32_t generation = 1;
        std::uint32_t next_free = 0;
    };

    slot* find(mortise_exchange number) noexcept;

    loop_handle& loop_;
    std::vector<slot> slots_;
    std::uint32_t first_free_;
    std::size_t held_ = 0;
};

} // namespace mortise::plugin
