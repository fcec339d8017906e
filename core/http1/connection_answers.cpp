// SPDX-License-Identifier: BSL-1.0
// A connection's answers: into the shared output, past it, or kept until the client reads.
#include "http/status.hpp"
#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/message_writer.hpp"
#include "http1/workspace.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <sys/types.h>
#include <utility>

namespace mortise::http1 {

namespace {

constexpr std::array<http::field, 1> text_fields{
    http::field{"Content-Type", "text/plain; charset=utf-8"}};

// A handler may give such a response to each request.
observe::limited_log refused_responses;
observe::limited_log unreadable_files;

std::uint64_t content_size(const http::response& response) noexcept {
    return response.file != nullptr ? response.file->size : response.content.size();
}

// Where what is written fails for the file and not for the client.
void log_unreadable_file(const base::error_code& error) noexcept {
    namespace errc = boost::system::errc;
    for (const auto of_file : {net::file_ends_early, errc::io_error, errc::bad_file_descriptor,
                               errc::invalid_argument, errc::is_a_directory}) {
        if (error == of_file) {
            std::array<char, 64> room; // a text of its own would take memory
            unreadable_files.write(observe::level::error,
                                   "a file ends before its range, or cannot be read",
                                   {{"error", error.message(room.data(), room.size())}});
            return;
        }
    }
}

} // namespace

inline void connection::log_access(exchange* answered, unsigned status,
                                   std::uint64_t size) noexcept {
    if (workspace_.access_log != nullptr) {
        write_access_record(answered, status, size);
    }
}

bool connection::answer(exchange& answered, const http::response& response) noexcept {
    last_answer_ = last_answer_ || is_last(answered);
    std::string_view fault;
    try {
        write_answer(answered, response, fault);
    } catch (const std::bad_alloc&) {
        broken_ = true;
    }
    if (!is_served()) {
        workspace_.aside.clear();
        resume_later();
    }
    return fault.empty();
}

// Where the response has a fault, the client gets another one.
void connection::write_answer(exchange& answered, const http::response& response,
                              std::string_view& fault) {
    fault = write(&answered.request(), response);
    if (fault.empty()) {
        answered.set_status(response.status);
        log_access(&answered, response.status, content_size(response));
    } else {
        answer_fault(answered, fault);
    }
    if (!is_served()) {
        flush(workspace_.aside);
    }
}

void connection::log_refusal(const exchange& of, std::string_view fault) noexcept {
    refused_responses.write(observe::level::error, "a handler's response may not be sent",
                            {{"route", of.pattern()}, {"fault", fault}});
}

// Answers in the place of a response that may not be sent.
[[gnu::cold]] void connection::answer_fault(exchange& answered, std::string_view fault) {
    log_refusal(answered, fault);
    std::array<char, 256> room;
    const http::problem why{500, "The handler's response may not be sent"};
    const http::response instead{500, text_fields, http::problem_text(why, room)};
    write(&answered.request(), instead);
    answered.set_status(instead.status);
    log_access(&answered, instead.status, instead.content.size());
}

// Whether the connection ends with the answer to `answered` (RFC 9112, 9.3 and 9.6). Content that
// the handler left is read past only where it is little, and surely sent.
bool connection::is_last(const exchange& answered) const noexcept {
    const auto& request = answered.request();
    if (request.wants_close || workspace_.winding_down) {
        return true;
    }
    const auto& content = answered.content();
    if (content.is_at_end()) {
        return false;
    }
    return request.expects_continue || content.has_failed() ||
           content.known_rest() > workspace_.settings.limits.drained_content_size;
}

// Answers what never became an exchange; of its request, the method may be known. Where the next
// request would begin is unknown, so this is the last answer.
void connection::refuse(const http::problem& why, http::method asked) {
    last_answer_ = true;
    must_linger_ = true;
    phase_ = phase::lingering;
    std::array<char, 256> room;
    const http::response response{why.status, text_fields, http::problem_text(why, room)};
    http::request request;
    request.method = asked;
    write(&request, response);
    count_refusal(asked, response.status);
    log_access(nullptr, response.status, asked == http::method::head ? 0 : response.content.size());
    if (!is_served()) {
        flush(workspace_.aside);
        rest_.reset();
    }
}

// Answers in the place of a handler that still holds its exchange; its own answer will go nowhere.
void connection::answer_for_handler(const http::problem& why) {
    last_answer_ = true;
    must_linger_ = true;
    phase_ = phase::lingering;
    std::array<char, 256> room;
    const http::response response{why.status, text_fields, http::problem_text(why, room)};
    write(&exchange_->request(), response);
    log_access(exchange_, response.status, response.content.size());
    exchange_->set_status(response.status);
    count_end(*exchange_);
    flush(workspace_.aside);
    rest_.reset();
    const auto from = client(exchange_);
    std::exchange(exchange_, nullptr)->abandon(why, from);
}

void connection::send_continue(const content_decoder& content) noexcept {
    const bool has_arrived = is_served() ? !unread().empty() : rest_ != nullptr;
    if (content.has_started() || has_arrived) {
        return;
    }
    try {
        destination().append("HTTP/1.1 100 Continue\r\n\r\n");
        flush(destination());
    } catch (const std::bad_alloc&) {
        broken_ = true; // its turn ends it
        destination().clear();
    }
}

// Returns why the response may not be sent; then nothing is written, but lent content is given
// back.
[[gnu::hot]] std::string_view connection::write(const http::request* asked,
                                                const http::response& response) {
    if (response.file != nullptr) {
        return write_with_file(asked, response);
    }
    net::lent_content lent{response.content, response.release, response.release_argument};
    auto& to = destination();
    const auto fault =
        write_head(to, response,
                   {.start = workspace_.start,
                    .server = workspace_.settings.server_field,
                    .close = last_answer_,
                    .keep_alive_http10 = asked != nullptr && asked->version_minor == 0});
    if (!fault.empty()) {
        return fault;
    }
    const bool is_to_head = asked != nullptr && asked->method == http::method::head;
    if (!is_to_head && may_have_content(response.status)) {
        if (response.release != nullptr && response.content.size() >= worth_lending) {
            write_lent(to, std::move(lent), {});
        } else {
            to.append(response.content);
        }
    }
    if (to.size() >= written_at_once) {
        flush(to);
    }
    return {};
}

[[gnu::cold, gnu::noinline]] std::string_view
connection::write_with_file(const http::request* asked, const http::response& response) {
    const auto& range = *response.file;
    net::lent_file file{range.descriptor, range.offset, range.size, response.release,
                        response.release_argument};
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());
    if (range.descriptor < 0 || range.offset > largest || range.size > largest - range.offset) {
        return "the file has no descriptor, or no file has such a range";
    }
    auto& to = destination();
    const auto before = to.size();
    const auto fault =
        write_head(to, response,
                   {.start = workspace_.start,
                    .server = workspace_.settings.server_field,
                    .close = last_answer_,
                    .keep_alive_http10 = asked != nullptr && asked->version_minor == 0},
                   message_framing::length, range.size);
    const bool is_to_head = asked != nullptr && asked->method == http::method::head;
    if (!fault.empty() || is_to_head || !may_have_content(response.status)) {
        return fault;
    }
    if (range.size >= worth_lending) {
        write_file(std::move(file));
    } else if (file.read_into(to.prepare(range.size))) {
        to.commit(range.size);
    } else {
        to.truncate(before);
        return "the file is shorter than its range, or cannot be read";
    }
    return {};
}

// It goes through the outbox, even where the client takes all of it at once.
void connection::write_file(net::lent_file file) {
    flush(destination());
    if (broken_) {
        return;
    }
    const bool is_next = outbox_ == nullptr;
    if (is_next) {
        outbox_ = std::make_unique<net::outbox>();
        disarm(); // as in keep_unwritten
    }
    outbox_->append(std::move(file));
    if (is_next && !write_outbox()) {
        broken_ = broken_ || !stream_->watch_writing(*this);
    }
}

// `tail` is constant text.
void connection::write_lent(net::output& head, net::lent_content lent, std::string_view tail) {
    if (outbox_ != nullptr || broken_) {
        flush(head);
        if (outbox_ != nullptr) {
            outbox_->append(std::move(lent), 0);
            outbox_->append(tail);
        }
        return;
    }
    const std::array<std::string_view, 3> pieces{head.view(), lent.bytes(), tail};
    const auto result = stream_->write(pieces);
    broken_ = !result && !net::is_would_block(result.error());
    const std::size_t written = (result ? *result : 0);
    const std::size_t total = pieces[0].size() + pieces[1].size() + pieces[2].size();
    if (!broken_ && written < total) {
        const std::size_t of_head = std::min(written, pieces[0].size());
        const std::size_t of_lent = std::min(written - of_head, pieces[1].size());
        keep_unwritten(pieces[0].substr(of_head));
        outbox_->append(std::move(lent), of_lent);
        outbox_->append(tail.substr(written - of_head - of_lent));
    }
    head.clear();
}

net::output& connection::destination() noexcept {
    return is_served() ? workspace_.output : workspace_.aside;
}

[[gnu::hot]] void connection::flush(net::output& from) {
    if (from.is_empty()) {
        return;
    }
    if (outbox_ != nullptr) {
        outbox_->append(from.view());
    } else if (!broken_) {
        const std::array<std::string_view, 1> bytes{from.view()};
        const auto result = stream_->write(bytes);
        broken_ = !result && !net::is_would_block(result.error());
        const std::size_t written = (result ? *result : 0);
        if (!broken_ && written < bytes[0].size()) {
            keep_unwritten(bytes[0].substr(written));
        }
    }
    from.clear();
}

void connection::keep_unwritten(std::string_view bytes) {
    outbox_ = std::make_unique<net::outbox>();
    disarm(); // whichever deadline ran: now the client is to take bytes
    outbox_->append(bytes);
    broken_ = broken_ || !stream_->watch_writing(*this);
}

bool connection::write_outbox() {
    const auto size = outbox_->size();
    using progress = net::outbox::progress;
    const auto result = outbox_->write_to(*stream_);
    if (!result) {
        log_unreadable_file(result.error());
        broken_ = true;
        return false;
    }
    if (outbox_->size() != size) {
        disarm(); // watch_time() starts it anew
    }
    if (*result == progress::done) {
        outbox_.reset();
    } else if (*result == progress::paused) {
        resume_later();
    }
    return *result == progress::done;
}

// Everything is answered and written. The client may still be sending: closing now would reset
// the connection and could take the answer from it (RFC 9112, 9.6).
void connection::end_last_answer() noexcept {
    last_answer_ = false;
    if (!must_linger_) {
        return close(client_left);
    }
    stream_->shut_writing();
    workspace_.linger.arm(*this, workspace_.now);
    readable_ = true;
    resume_later();
}

// There is no memory to go on with this one; the others go on.
void connection::end_without_memory() noexcept {
    workspace_.current = nullptr;
    workspace_.output.clear();
    workspace_.aside.clear();
    close(no_memory);
}

void connection::close(const http::problem& why) noexcept {
    if (is_closed()) {
        return;
    }
    phase_ = phase::closed;
    disarm();
    exchange* const left = std::exchange(exchange_, nullptr);
    if (left != nullptr && left->stream() != nullptr && !left->is_answered()) {
        log_stream(*left);
        show_break(*left->stream());
    } else if (left != nullptr && !left->is_answered()) {
        log_access(left, why.status, 0); // nobody receives an answer
    }
    if (left != nullptr) {
        count_end(*left);
    }
    const bool is_owed = left != nullptr && !left->is_answered();
    const auto from = is_owed ? client(left) : net::address{};
    rest_.reset();
    outbox_.reset();
    stream_.reset();
    place.unlink(); // no turn will be needed
    workspace_.closed.push_back(*this);
    if (left != nullptr && left->is_answered()) {
        workspace_.exchanges.give_back(*left);
    } else if (is_owed) {
        left->abandon(why, from); // which calls the handler
    }
}

} // namespace mortise::http1
