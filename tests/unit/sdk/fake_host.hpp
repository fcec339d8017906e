// SPDX-License-Identifier: BSL-1.0
// A host without a server: the table of functions, and a record of what a plugin did with it.
#pragma once

#include <mortise/abi/plugin.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::test {

struct answer {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string content;
    const char* content_at = nullptr; // where the content stood when it was given
    void (*release)(void*) = nullptr; // set: the content is lent
    void* release_argument = nullptr;
};

struct registered_route {
    std::string method;
    std::string host;
    std::string pattern;
    std::uint32_t flags;
    std::uint64_t content_limit;
    mortise_handle handle;
    void* user;

    std::int32_t call(const mortise_request& request) const { return handle(user, 1, &request); }
};

// One at a time: the border's reply() names no host.
class fake_host {
public:
    explicit fake_host(std::map<std::string, std::string, std::less<>> configuration = {});
    ~fake_host();
    fake_host(const fake_host&) = delete;
    fake_host& operator=(const fake_host&) = delete;

    const mortise_host& table() const { return table_; }
    mortise_instance* instance() { return reinterpret_cast<mortise_instance*>(this); }
    const registered_route& route(std::string_view method, std::string_view pattern) const;

    // What the plugin did.
    std::vector<registered_route> routes;
    std::vector<answer> answers;
    std::vector<std::pair<std::uint32_t, std::string>> lines;
    std::string explanation;

    // What the host answers to a call.
    std::int32_t reply_result = MORTISE_OK;
    std::int32_t add_route_result = MORTISE_OK;

private:
    static fake_host& of(mortise_instance* instance);
    static std::int32_t reply(mortise_exchange exchange, const mortise_reply* reply);
    static void log(mortise_instance* instance, std::uint32_t level, mortise_view text);
    static std::int32_t config(mortise_instance* instance, mortise_view key, mortise_view* value);
    static std::int32_t add_route(mortise_instance* instance, const mortise_route* route);
    static void explain(mortise_instance* instance, mortise_view text);

    std::map<std::string, std::string, std::less<>> configuration_;
    mortise_host table_{};
};

// An instance of a plugin behind a fake host, from create to destroy.
class running_plugin {
public:
    running_plugin(const struct mortise_plugin& descriptor, fake_host& host)
        : descriptor_{descriptor} {
        created = descriptor.create(&host.table(), host.instance(), &state_);
        if (created == MORTISE_OK) {
            configured = descriptor.configure(state_);
        }
    }
    ~running_plugin() {
        if (created == MORTISE_OK) {
            descriptor_.destroy(state_);
        }
    }
    running_plugin(const running_plugin&) = delete;
    running_plugin& operator=(const running_plugin&) = delete;

    std::int32_t created = MORTISE_E_STATE;
    std::int32_t configured = MORTISE_E_STATE;

private:
    const struct mortise_plugin& descriptor_;
    void* state_ = nullptr;
};

} // namespace mortise::test
