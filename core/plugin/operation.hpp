// SPDX-License-Identifier: BSL-1.0
// The host's part of a mortise_operation, and all of them of one loop.
#pragma once

#include "async/letter.hpp"
#include "async/loop.hpp"

#include <mortise/abi/operation.h>

#include <boost/intrusive/list.hpp>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace mortise::http {
class exchange;
}

namespace mortise::plugin {

class instance;
class operation_list;

// Lives in the `host` words of the plugin's operation from the start until it completes. A kind
// of operation derives from it, first of all its bases, and calls finish() once. Thread: its
// loop's.
class pending_operation : public boost::intrusive::list_base_hook<
                              boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    pending_operation(const pending_operation&) = delete;
    pending_operation& operator=(const pending_operation&) = delete;

    instance& owner() const noexcept { return owner_; }

    // Whether the calling thread is the loop that it was started on. [any]
    bool is_of_this_loop() const noexcept;

    // The exchange that it is about, if it is about one.
    virtual const http::exchange* exchange() const noexcept { return nullptr; }

    // Lets it finish soon, or when what cannot be stopped is over; never within this call.
    // Idempotent.
    virtual void cancel() noexcept = 0;

    // Ends it: destroys this, and calls the plugin's complete(). From the loop's own turns only.
    void finish(std::int32_t status, std::uint64_t result = 0) noexcept;

    // The pending one of a plugin's operation that was started; nullptr where it has completed.
    static pending_operation* of(mortise_operation& operation) noexcept {
        return operation.host[0] != 0 ? reinterpret_cast<pending_operation*>(operation.host)
                                      : nullptr;
    }

protected:
    pending_operation(mortise_operation& operation, instance& owner) noexcept
        : operation_{operation}, owner_{owner} {}
    virtual ~pending_operation() = default;

    // What cancel() does where nothing has to be waited for: finish(MORTISE_E_CANCELLED) in a turn
    // of its own.
    void finish_cancelled_soon() noexcept;

private:
    friend class operation_list;
    mortise_operation& operation_;
    instance& owner_;
    operation_list* list_ = nullptr; // that began it
};

// Every pending operation of a loop. Thread: the loop's.
class operation_list {
public:
    explicit operation_list(async::loop& loop) noexcept : turn_{loop, *this} {}
    operation_list(const operation_list&) = delete;
    operation_list& operator=(const operation_list&) = delete;
    ~operation_list() { assert(is_empty()); }

    // Makes a Kind in the operation's host words and lists it. The operation is startable.
    template <class Kind, class... Arguments>
    Kind& begin(mortise_operation& operation, instance& owner, Arguments&&... arguments) noexcept {
        static_assert(sizeof(Kind) <= sizeof operation.host);
        static_assert(alignof(Kind) <= alignof(mortise_operation));
        auto* const made =
            new (operation.host) Kind{operation, owner, std::forward<Arguments>(arguments)...};
        assert(pending_operation::of(operation) == made);
        made->list_ = this;
        pending_.push_back(*made);
        return *made;
    }
    // Takes back what begin() made: it will never complete.
    static void undo(pending_operation& begun) noexcept;

    // Whether a plugin's operation may be started at all.
    static bool is_startable(const mortise_operation* operation) noexcept {
        return operation != nullptr && operation->size >= sizeof *operation &&
               operation->complete != nullptr;
    }

    void cancel_all() noexcept;
    void cancel_of(const instance& owner) noexcept;
    // Those of an exchange that is about to be over, which they may not touch any more.
    void cancel_of(const http::exchange& ending) noexcept;

    bool is_empty() const noexcept {
        return pending_.empty() && cancelled_.empty() && ending_.empty();
    }
    std::size_t count_of(const instance& owner) const noexcept;

private:
    friend class pending_operation;
    using list =
        boost::intrusive::list<pending_operation, boost::intrusive::constant_time_size<false>>;

    // Asks its loop for a turn in which cancelled operations complete.
    class turn final : public async::letter, private async::loop::turn {
    public:
        turn(async::loop& loop, operation_list& of) noexcept : loop_{loop}, of_{of} {}
        void ask_for() noexcept;
        void deliver() noexcept override;

    private:
        void finish_all() noexcept;
        void go_on() override;

        async::loop& loop_;
        operation_list& of_;
        async::loop::turn* outer_ = nullptr; // of the letters
        bool is_asked_for_ = false;
    };

    turn turn_;
    list pending_;
    list cancelled_;
    list ending_; // cancelled ones, of the turn that is under way
};

} // namespace mortise::plugin
