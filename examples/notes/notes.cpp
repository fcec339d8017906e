// SPDX-License-Identifier: BSL-1.0
// A REST service over SQLite: every query runs on the worker pool, and no loop ever waits for it.
#include "documents.hpp"
#include "store.hpp"

#include <mortise/sdk.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <strings.h>
#include <utility>

class notes {
    using answer = mortise::task<mortise::response>;

    // A problem that a handler throws is its answer.
    auto handled(answer (notes::*handler)(mortise::exchange&)) {
        return [this, handler](mortise::exchange& exchange) -> answer {
            try {
                co_return co_await (this->*handler)(exchange);
            } catch (const problem& fault) {
                co_return mortise::response{fault.status}
                    .with_media_type("application/problem+json")
                    .with_content(to_json(fault));
            }
        };
    }

public:
    explicit notes(const mortise::config& config) : store_{config.get_or("database", "notes.db")} {}

    void routes(mortise::routes& on) {
        constexpr mortise::whole_content content{65536};
        on.get("/notes", handled(&notes::list));
        on.post("/notes", content, mortise::keeps_on, handled(&notes::add));
        on.get("/notes/{id}", handled(&notes::show));
        on.put("/notes/{id}", content, mortise::keeps_on, handled(&notes::replace));
        on.del("/notes/{id}", mortise::keeps_on, handled(&notes::remove));
    }

private:
    static constexpr std::int64_t most_listed = 100;

    answer list(mortise::exchange& exchange) {
        const std::int64_t after = read_after(exchange.request().query());
        auto query = [&] { return store_.list(after, most_listed); };
        co_return json(200, to_json(co_await mortise::offload(query)));
    }

    answer add(mortise::exchange& exchange) {
        const draft content = read_content(exchange.request());
        auto query = [&] { return store_.add(content); };
        const note added = co_await mortise::offload(query);
        co_return json(201, to_json(added))
            .with_field("Location", "/notes/" + std::to_string(added.id));
    }

    answer show(mortise::exchange& exchange) {
        const std::int64_t id = read_id(exchange.request());
        auto query = [&] { return store_.find(id); };
        const auto found = co_await mortise::offload(query);
        if (!found) {
            throw not_there();
        }
        co_return json(200, to_json(*found));
    }

    answer replace(mortise::exchange& exchange) {
        const std::int64_t id = read_id(exchange.request());
        const draft content = read_content(exchange.request());
        auto query = [&] { return store_.replace(id, content); };
        if (!co_await mortise::offload(query)) {
            throw not_there();
        }
        const note written{id, content};
        co_return json(200, to_json(written));
    }

    answer remove(mortise::exchange& exchange) {
        const std::int64_t id = read_id(exchange.request());
        auto query = [&] { return store_.remove(id); };
        if (!co_await mortise::offload(query)) {
            throw not_there();
        }
        co_return mortise::response{204};
    }

    static mortise::response json(unsigned status, std::string document) {
        return mortise::response{status}
            .with_media_type("application/json")
            .with_content(std::move(document));
    }

    static problem not_there() { return {404, "There is no such note"}; }

    // Without regard to case, and with parameters or none (RFC 9110, 8.3.1).
    static bool is_json(std::string_view type) {
        constexpr std::string_view name = "application/json";
        const auto found = type.substr(0, type.find_first_of("; \t"));
        return found.size() == name.size() &&
               ::strncasecmp(found.data(), name.data(), name.size()) == 0;
    }

    static draft read_content(const mortise::request& request) {
        if (!is_json(request.field("Content-Type").value_or(""))) {
            throw problem{415, "A note is written as application/json"};
        }
        return read_draft(request.content());
    }

    static std::int64_t read_id(const mortise::request& request) {
        std::int64_t id = 0;
        if (!read_number(request.param("id"), id)) {
            throw not_there();
        }
        return id;
    }

    // "after=7": the notes behind that one.
    static std::int64_t read_after(std::string_view query) {
        constexpr std::string_view name = "after=";
        std::int64_t after = 0;
        if (!query.empty() &&
            !(query.starts_with(name) && read_number(query.substr(name.size()), after))) {
            throw problem{400, "The query is after=ID, or nothing"};
        }
        return after;
    }

    static bool read_number(std::string_view text, std::int64_t& to) {
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, to);
        return read.ec == std::errc{} && read.ptr == end && to >= 0;
    }

    store store_;
};

MORTISE_PLUGIN(notes, "notes", "1.0.0")
