// SPDX-License-Identifier: BSL-1.0
// The judgement of every reply: no size, no pointer and no count of a plugin is believed.
#include "plugin/reply.hpp"

#include "http/problem.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/instance.hpp"
#include "plugin/roll.hpp"
#include "plugin/sized.hpp"
#include "plugin/view.hpp"

#include <fcntl.h>
#include <memory>
#include <new>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace mortise::plugin {
namespace {

constexpr std::uint32_t max_fields = 1024;

template <class Struct>
bool is_whole(const Struct* given) noexcept {
    return given != nullptr && given->size >= sizeof *given;
}

// Of a reply that is refused, while the plugin is in the call of reply() or of another function.
void release_now(void (*release)(void*), void* argument) noexcept {
    if (const auto* const caller = entered_call::innermost()) {
        const entered_call here{caller->owner(), "release"};
        release(argument);
    } else {
        release(argument);
    }
}

// The content of a reply that has it in memory.
class memory_content {
public:
    explicit memory_content(const mortise_reply* reply) noexcept : reply_{reply} {}

    // Returns the rule that it breaks; nullptr where it breaks none. Of a reply whose head is
    // right.
    const char* put_into(http::response& response) const noexcept {
        response.content = from_abi(reply_->content);
        return nullptr;
    }
    // Of a reply that is refused.
    void give_back() const noexcept {
        if (is_whole(reply_) && reply_->release != nullptr) {
            release_now(reply_->release, reply_->release_argument);
        }
    }

private:
    const mortise_reply* reply_;
};

// Whether all of the range can be read now: the client is promised its length.
const char* broken_rule(const http::file_content& file) noexcept {
    struct stat state {};
    const int mode = ::fcntl(file.descriptor, F_GETFL);
    if (mode < 0 || ::fstat(file.descriptor, &state) != 0 || !S_ISREG(state.st_mode)) {
        return "the descriptor is none of a regular file";
    }
    if ((mode & O_ACCMODE) == O_WRONLY || (mode & O_PATH) != 0) {
        return "the file is not open for reading";
    }
    const auto size = static_cast<std::uint64_t>(state.st_size);
    if (file.offset > size || file.size > size - file.offset) {
        return "the range goes beyond the end of the file";
    }
    return nullptr;
}

// A range of a file. What response.file points to lives in here.
class file_content {
public:
    file_content(const mortise_reply* head, const mortise_file_range* range) noexcept
        : head_{head}, range_{range} {
        if (is_whole(range_)) {
            file_ = {range_->descriptor, range_->offset, range_->length};
        }
    }
    file_content(const file_content&) = delete;
    file_content& operator=(const file_content&) = delete;

    const char* put_into(http::response& response) const noexcept {
        if (!is_whole(range_)) {
            return "the range is null, or its size is smaller than mortise_file_range";
        }
        if (head_->content.size != 0) {
            return "it has content beside the file";
        }
        response.file = &file_;
        return broken_rule(file_);
    }
    void give_back() const noexcept {
        if (is_whole(head_) && is_whole(range_)) {
            head_->release != nullptr ? release_now(head_->release, head_->release_argument)
                                      : static_cast<void>(::close(file_.descriptor));
        }
    }

private:
    const mortise_reply* head_;
    const mortise_file_range* range_;
    http::file_content file_{.descriptor = -1};
};

// The number is not held by the calling thread's loop.
template <class Content>
[[gnu::cold]] std::int32_t refuse(mortise_exchange number, const Content& content) noexcept {
    const auto parts = exchange_number::unpack(number);
    const auto* const table = exchange_table::of_this_thread();
    const bool is_here = table != nullptr && table->loop().index() == parts.loop;
    roll::report_fault(parts.instance,
                       is_here ? "reply(): the exchange was replied to before, or never was"
                               : "reply(): called on a thread that is not the exchange's loop: " +
                                     this_thread());
    content.give_back();
    return is_here ? MORTISE_E_STATE : MORTISE_E_THREAD;
}

// A read of the exchange would touch what is about to be somebody else's.
[[gnu::cold]] void end_reading(const http::exchange& exchange, const handler& route) noexcept {
    route.report_fault("reply(): a read of the content is still pending");
    exchange_table::of_this_thread()->loop().operations().cancel_of(exchange);
}

// The reply breaks `rule` of the border.
template <class Content>
[[gnu::cold]] std::int32_t answer_instead(http::exchange& exchange, const handler& route,
                                          const Content& content, const char* rule) noexcept {
    route.report_fault(std::string{"reply(): "} + rule);
    if (exchange.is_reading()) {
        end_reading(exchange, route);
    }
    content.give_back();
    http::respond_with(exchange, {500, "Internal Server Error"});
    return MORTISE_E_INVALID;
}

// There is no memory to look at the reply.
template <class Content>
[[gnu::cold]] std::int32_t answer_without_memory(http::exchange& exchange, const handler& route,
                                                 const Content& content) noexcept {
    if (exchange.is_reading()) {
        end_reading(exchange, route);
    }
    content.give_back();
    http::respond_with(exchange, no_memory);
    return MORTISE_E_MEMORY;
}

// The exchange found that the response breaks a rule of HTTP, and has answered.
[[gnu::cold]] std::int32_t report_refusal(const handler& route) noexcept {
    route.report_fault("reply(): its status, a field name or a field value may not be sent");
    return MORTISE_E_INVALID;
}

// The rule that all but the fields themselves break; nullptr where they break none.
[[gnu::always_inline]] inline const char* broken_rule(const mortise_reply* reply) noexcept {
    if (!is_whole(reply)) {
        return "the reply is null, or its size is smaller than mortise_reply";
    }
    if (reply->status < 200 || reply->status > 599) {
        return "the status is not between 200 and 599";
    }
    if (reply->field_count > max_fields || (reply->field_count != 0 && reply->fields == nullptr)) {
        return "the fields are null, or more than 1024";
    }
    return is_sound(reply->content) ? nullptr : "the content is null with a size";
}

// False: a name or a value is not sound.
[[gnu::always_inline]] inline bool read_fields(std::span<const mortise_field> given,
                                               http::field* to) noexcept {
    for (const mortise_field& each : given) {
        if (!is_sound(each.name) || !is_sound(each.value)) {
            return false;
        }
        *to++ = {from_abi(each.name), from_abi(each.value)};
    }
    return true;
}

// Inlined into reply(), which stands in the path of every request.
[[gnu::always_inline]] inline const char*
judge_head(http::exchange& exchange, const mortise_reply* reply, http::response& head) {
    if (const char* const rule = broken_rule(reply)) {
        return rule;
    }
    const auto fields = exchange.memory().array<http::field>(reply->field_count);
    head.status = reply->status;
    head.fields = fields;
    return read_fields({reply->fields, fields.size()}, fields.data())
               ? nullptr
               : "a field's name or value is null with a size";
}

// Content that a plugin has lent: its code stays until it is given back.
class lent_by_plugin {
public:
    // Puts itself between the plugin and who gives back what `response` has lent. False: there is
    // no memory for that.
    static bool put_into(http::response& response, const mortise_reply& reply,
                         const handler& route) noexcept {
        auto* const lent = new (std::nothrow) lent_by_plugin{reply, route.owner()};
        if (lent == nullptr) {
            return false;
        }
        route.owner().pin();
        response.release = give_back;
        response.release_argument = lent;
        return true;
    }

private:
    lent_by_plugin(const mortise_reply& reply, instance& owner) noexcept
        : release_{reply.release}, argument_{reply.release_argument}, owner_{owner} {}

    static void give_back(void* lent) noexcept {
        const std::unique_ptr<lent_by_plugin> self{static_cast<lent_by_plugin*>(lent)};
        {
            const entered_call here{self->owner_, "release"};
            self->release_(self->argument_);
        }
        self->owner_.unpin();
    }

    void (*release_)(void*);
    void* argument_;
    instance& owner_;
};

// Both ways to answer; inlined into reply() as the one that counts.
template <class Content>
[[gnu::always_inline]] inline std::int32_t
answer(mortise_exchange number, const mortise_reply* reply, const Content& content) noexcept {
    auto* const table = exchange_table::of_this_thread();
    const auto held = table == nullptr ? exchange_table::holding{} : table->take(number);
    if (held.exchange == nullptr) {
        return refuse(number, content);
    }
    http::response response;
    const char* rule = nullptr;
    try {
        rule = judge_head(*held.exchange, reply, response);
    } catch (const std::bad_alloc&) {
        return answer_without_memory(*held.exchange, *held.route, content);
    }
    if (rule == nullptr) {
        rule = content.put_into(response);
    }
    if (rule != nullptr) {
        return answer_instead(*held.exchange, *held.route, content, rule);
    }
    if (reply->release != nullptr && !lent_by_plugin::put_into(response, *reply, *held.route))
        [[unlikely]] {
        return answer_without_memory(*held.exchange, *held.route, content);
    }
    if (held.exchange->is_reading()) [[unlikely]] {
        end_reading(*held.exchange, *held.route);
    }
    const bool is_too_late = held.exchange->is_answered();
    if (!held.exchange->respond(response)) {
        return report_refusal(*held.route);
    }
    return is_too_late ? MORTISE_E_CANCELLED : MORTISE_OK;
}

} // namespace

const char* read_head(http::exchange& exchange, const mortise_reply* reply, http::response& head) {
    if (is_narrow(reply)) {
        const mortise_reply whole = widen(*reply);
        return judge_head(exchange, &whole, head);
    }
    return judge_head(exchange, reply, head);
}

[[gnu::hot]] std::int32_t reply(mortise_exchange number, const mortise_reply* reply) noexcept {
    if (is_narrow(reply)) [[unlikely]] {
        const mortise_reply whole = widen(*reply);
        return plugin::reply(number, &whole);
    }
    return answer(number, reply, memory_content{reply});
}

std::int32_t reply_with_file(mortise_exchange number, const mortise_reply* head,
                             const mortise_file_range* range) noexcept {
    if (is_narrow(head)) {
        const mortise_reply whole = widen(*head);
        return reply_with_file(number, &whole, range);
    }
    return answer(number, head, file_content{head, range});
}

} // namespace mortise::plugin
