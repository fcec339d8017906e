// SPDX-License-Identifier: BSL-1.0
// One request and its response, between a test that plays the client and a plugin.
#pragma once

#include <mortise/abi/ext/file.h>
#include <mortise/abi/host.h>
#include <mortise/testing/detail/exchange_memory.hpp>
#include <mortise/testing/detail/filter.hpp>
#include <mortise/testing/detail/incoming_content.hpp>
#include <mortise/testing/detail/known_as.hpp>
#include <mortise/testing/detail/operation_list.hpp>
#include <mortise/testing/detail/outgoing_response.hpp>
#include <mortise/testing/detail/request_copy.hpp>
#include <mortise/testing/detail/router.hpp>
#include <mortise/testing/detail/stage.hpp>
#include <mortise/testing/request.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Thread: the test's. The functions of the border are those of mortise_host and mortise_content;
// they are called for an exchange that the plugin holds, on the loop.
class exchange : public std::enable_shared_from_this<exchange> {
public:
    exchange(stage& on, operation_list& operations, mortise_exchange number, request asked)
        : stage_{on},
          operations_{operations},
          number_{number},
          asked_{std::move(asked)},
          known_as_{asked_, number} {
        response_.window = asked_.window();
        response_.is_for_head = asked_.method() == "HEAD";
        content_.expect(asked_.content_length());
    }

    mortise_exchange number() const noexcept { return number_; }
    const request& asked() const noexcept { return asked_; }
    incoming_content& content() noexcept { return content_; }
    outgoing_response& response() noexcept { return response_; }
    const outgoing_response& response() const noexcept { return response_; }
    const std::shared_ptr<const route>& taken() const noexcept { return route_; }
    // "GET /both"
    std::string name() const { return asked_.method() + " " + asked_.target(); }
    // The plugin owes a reply() or end().
    bool is_held() const noexcept { return is_held_; }
    // It waits for the rest of its content before its handler is called.
    bool is_collecting() const noexcept { return route_ != nullptr && !was_handled_; }
    bool is_over() const noexcept { return !is_held_ && !is_collecting(); }

    // The host's.
    void arrive(target at, std::string authority,
                std::vector<std::shared_ptr<const filter>> filters);
    bool enter_filters();
    bool is_at_filter() const noexcept { return filter_ != nullptr; }
    bool is_given_up() const noexcept { return is_given_up_ || has_client_left_; }
    void pass_filter();
    void remember(void* value) noexcept { remembered_ = value; }
    const target& at() const noexcept { return request_at_; }
    const std::string& authority() const noexcept { return authority_; }
    void take_route(router::found found, std::string plugin, std::uint64_t host_limit);
    void call_handler(mortise_loop* loop, void* loop_state);
    void answer_instead(unsigned status, std::string_view text, field_lines fields = {});
    void refuse_content();
    void continue_reading();
    void continue_writing();
    void client_leaves();
    void client_half_closes();
    void give_up(unsigned status, std::string_view text);
    void answer_for_plugin(unsigned status, std::string_view text);
    void drop() { finish(); } // nobody will answer it
    // Called when the plugin is done with it, with its memory, which was cleared.
    std::function<void(exchange&, exchange_memory&&)> when_over;

    // The border's.
    std::int32_t reply(const mortise_reply* given);
    std::int32_t reply(const mortise_reply* head, const mortise_file_range* range);
    void* allocate(std::size_t size, std::size_t alignment);
    std::int32_t on_cancel(void (*call)(void*), void* user);
    std::int32_t tell_identity(mortise_identity* into);
    std::int32_t read(char* into, std::size_t size, mortise_operation* operation);
    std::int32_t begin(const mortise_reply* head, std::int64_t length);
    std::int32_t write(mortise_view piece, mortise_operation* operation);
    std::int32_t end();
    std::int32_t break_off();

    // "echo, GET /both: reply()"
    std::string called(std::string_view function) const {
        return plugin_ + ", " + name() + ": " + std::string{function};
    }

private:
    struct pending_read {
        mortise_operation* operation = nullptr;
        char* into = nullptr;
        std::size_t size = 0;
    };
    struct pending_write {
        mortise_operation* operation = nullptr;
        std::string_view rest;
    };
    struct lent_content {
        std::string_view bytes;
        void (*release)(void*) = nullptr;
        void* argument = nullptr;
    };

    bool may_wait() const noexcept { return route_->has(MORTISE_ROUTE_MAY_WAIT); }
    // The client is there to be read from and written to.
    bool is_open() const noexcept {
        return !is_given_up_ && !has_client_left_ && !response_.is_broken_off;
    }
    std::uint64_t most_to_write() const noexcept {
        return length_ < 0 ? UINT64_MAX : static_cast<std::uint64_t>(length_) - written_;
    }
    std::int32_t breach(std::string_view function, const std::string& what, std::int32_t code) {
        stage_.faults.add(called(function) + ": " + what);
        return code;
    }
    void judge_result(std::int32_t result);
    void begin_response(unsigned status, field_lines fields, std::int64_t length);
    void filter_response(unsigned& status, field_lines& fields, std::int64_t length);
    void send_content();
    void lend(const mortise_reply& given);
    void release_lent();
    std::int32_t answer(const mortise_reply& given, std::string content, bool is_late);
    void release_now(const mortise_reply* given) const;
    void end_operations();
    void cancel();
    void finish();
    std::int32_t start_late(mortise_operation& operation, std::string_view function,
                            std::function<void()> cancel, std::function<void()> ended);
    std::int32_t judge_end(std::string_view function);

    stage& stage_;
    operation_list& operations_;
    const mortise_exchange number_;
    const request asked_;
    const known_as known_as_;
    std::shared_ptr<const route> route_;
    std::string plugin_; // the id of the route's owner
    target request_at_;
    std::string authority_;
    parameters values_;
    request_copy request_;
    exchange_memory memory_;
    incoming_content content_;
    outgoing_response response_;
    std::string unsent_; // of the content of a reply()
    lent_content lent_;
    pending_read read_;
    pending_write write_;
    std::int64_t length_ = -1;  // of a streamed response
    std::uint64_t written_ = 0; // of it
    void (*cancel_call_)(void*) = nullptr;
    void* cancel_user_ = nullptr;
    struct passage {
        std::shared_ptr<const filter> by;
        void* remembered;
    };
    std::vector<std::shared_ptr<const filter>> ahead_;
    std::shared_ptr<const filter> filter_; // that the exchange is at
    std::vector<passage> passed_;
    void* remembered_ = nullptr; // by filter_
    unsigned turn_ = 0;          // of filters and the route
    bool has_declined_ = false;  // a filter has, in its on_request
    bool is_held_ = false;
    bool was_handled_ = false;
    bool has_begun_ = false; // a streamed response
    bool is_given_up_ = false;
    bool has_client_left_ = false;
    bool has_half_closed_ = false;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
