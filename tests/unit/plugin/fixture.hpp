// SPDX-License-Identifier: BSL-1.0
// A host in small: one loop that is this thread, a log that is a list, and plugins to load.
#pragma once

#include "async/loop.hpp"
#include "async/work_pool.hpp"
#include "loopback/exchange.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/instance.hpp"
#include "plugin/plugin_file.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace mortise::plugin::test {

inline std::filesystem::path plugin_path(const std::string& name) {
    return std::filesystem::path{TEST_PLUGINS} / (name + ".so");
}

// An empty directory for one test.
class scratch_directory {
public:
    scratch_directory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "scratch-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory() { std::filesystem::remove_all(path_); }

    const std::filesystem::path& path() const noexcept { return path_; }

    std::filesystem::path put(const std::string& name, const std::string& as = {}) const {
        const auto to = path_ / ((as.empty() ? name : as) + ".so");
        std::filesystem::copy_file(plugin_path(name), to);
        std::filesystem::permissions(to, std::filesystem::perms{0644});
        return to;
    }

private:
    std::filesystem::path path_;
};

class listed_reports final : public reporter {
public:
    void report(severity level, std::string_view id, std::string_view text,
                std::span<const http::field> fields) noexcept override {
        const std::lock_guard lock{guard_};
        lines_.push_back("<" + std::to_string(static_cast<int>(level)) + "> " + std::string{id} +
                         ": " + std::string{text});
        for (const auto& [name, value] : fields) {
            lines_.back() += " " + std::string{name} + "=" + std::string{value};
        }
    }
    bool is_on(severity) const noexcept override { return true; }

    std::vector<std::string> lines() const {
        const std::lock_guard lock{guard_};
        return lines_;
    }
    std::size_t count(std::string_view part) const {
        const auto all = lines();
        return static_cast<std::size_t>(std::ranges::count_if(
            all, [&](const std::string& line) { return line.find(part) != line.npos; }));
    }

private:
    mutable std::mutex guard_;
    std::vector<std::string> lines_;
};

// Attached to the test's thread for its life, which is the loop's.
struct small_host {
    listed_reports reports;
    async::loop events{0};
    async::work_pool pool{1, 2};
    loop_handle loop{events, pool};
    exchange_table table{loop};

    small_host() {
        loop.attach();
        table.attach();
    }
    ~small_host() {
        table.detach();
        loop.detach();
    }

    // Waits for something that the loop is to do, and does it.
    void run_one() { events.context().run_one(); }
    // Until `done`.
    template <class Done>
    void run_until(Done done) {
        while (!done()) {
            run_one();
        }
    }

    limit_table limits; // of what is loaded from now on
    surroundings around() { return {.loops = 1, .reports = reports, .limits = &limits}; }

    loaded<std::unique_ptr<instance>> load(const std::string& name, configuration values = {}) {
        const auto bytes = *read_plugin_file(plugin_path(name));
        const auto note = read_identity(bytes);
        if (!note) {
            return load_error{plugin_path(name), note.error()};
        }
        return instance::load(plugin_path(name), *note, bytes, std::move(values), around());
    }
};

// A plugin that serves on the host's loop; its first route answers what handle() is given.
class served {
public:
    served(small_host& host, const std::string& name) : host_{host}, plugin_{*host.load(name)} {
        plugin_->start();
        plugin_->enter_loop(host.loop);
    }
    ~served() {
        plugin_->quiesce();
        plugin_->leave_loop(host_.loop);
    }

    instance& plugin() noexcept { return *plugin_; }
    void handle(http::exchange& exchange, std::size_t route = 0) {
        plugin_->handlers()[route]->handle(exchange);
    }

private:
    small_host& host_;
    std::unique_ptr<instance> plugin_;
};

} // namespace mortise::plugin::test
