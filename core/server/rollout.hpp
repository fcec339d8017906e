// SPDX-License-Identifier: BSL-1.0
// How the plugin directory comes into service while the host serves.
#pragma once

#include "plugin/catalogue.hpp"
#include "server/fleet.hpp"
#include "server/retirement.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mortise::server {

struct settings;

// One change after the other; everything [control]. What fails leaves the plugins in service as
// they are, with the reason in the log.
//
//   look at the directory ─► load ─► enter each loop ─► publish on each loop ─► retire
class rollout {
public:
    rollout(boost::asio::io_context& control, worker_span workers, fleet& of, retirement& leaving,
            const settings& chosen, const plugin::surroundings& around);

    // Brings every file into service that differs from what serves, and takes plugins out whose
    // file is gone. While a change is under way, one more follows it.
    void begin();

private:
    using candidate = plugin::catalogue::candidate;

    // A plugin that is loaded and does not serve yet.
    struct joining {
        plugin::instance* next;
        std::vector<plugin::instance*> replaced; // that serve, and leave when it comes
    };

    void look_at_directory();
    // The plugins in the files, one for each id; false: a file could not be read, or is one too
    // many, and the log says why.
    bool judge_files(std::span<const std::filesystem::path> files, std::vector<candidate>& found);
    std::vector<plugin::instance*> replaced_by(const candidate& next,
                                               std::span<const candidate> all) const;
    plugin::instance* find_serving(const std::string& id) const;
    // False: it cannot be loaded, and the log says why.
    bool load(const candidate& found, std::vector<plugin::instance*> replaced);
    void propose();
    bool is_sound(std::span<plugin::instance* const> serving);
    void enter();
    void refuse(const plugin::load_error& why);
    // Lets these leave the loops that they have entered, and destroys them.
    void withdraw(std::vector<joining> refused, std::function<void()> then);
    void publish();
    void finish();
    std::vector<plugin::instance*> next_serving() const;

    boost::asio::io_context& control_;
    const worker_span workers_;
    fleet& fleet_;
    retirement& retirement_;
    const settings& settings_;
    const plugin::surroundings around_;
    std::vector<joining> joining_;
    std::vector<plugin::instance*> removed_;
    std::unique_ptr<snapshot> proposed_;
    bool is_under_way_ = false;
    bool is_asked_again_ = false;
};

// The line of a plugin that has come into service.
void log_in_service(const plugin::instance& serving, const plugin::instance* replaced = nullptr);

} // namespace mortise::server
