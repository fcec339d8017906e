// SPDX-License-Identifier: BSL-1.0
// How the plugin directory comes into service while the host serves.
#pragma once

#include "plugin/catalogue.hpp"
#include "server/fleet.hpp"
#include "server/prober.hpp"
#include "server/retirement.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mortise::server {

struct settings;

// One change after the other; everything [control]. What fails leaves the plugins in service as
// they are, with the reason in the log.
//
//   look at the directory ─► try ─► load ─► enter each loop ─► publish on each loop ─► retire
class rollout {
public:
    rollout(boost::asio::io_context& control, worker_span workers, fleet& of, retirement& leaving,
            prober& trying, const settings& chosen, const plugin::surroundings& around);

    // Who wants a change: an operator, or the watch that has seen one of the directory.
    enum class occasion { seen, asked };

    // Brings every file into service that differs from what serves, and, where an operator asks for
    // it, takes plugins out whose file is gone. While a change is under way, one more follows it.
    void begin(occasion why);

private:
    using candidate = plugin::catalogue::candidate;

    // A plugin's file that is to serve, and what serves and leaves when it does.
    struct arriving {
        candidate found;
        std::vector<plugin::instance*> replaced;
    };
    // A plugin that is loaded and does not serve yet.
    struct joining {
        plugin::instance* next;
        std::vector<plugin::instance*> replaced;
    };

    void look_at_directory();
    void look_for_missing(std::span<const std::filesystem::path> files,
                          std::span<const candidate> found);
    // The plugins in the files, one for each id; false: a file could not be read, or is one too
    // many, and the log says why.
    bool judge_files(std::span<const std::filesystem::path> files, std::vector<candidate>& found);
    std::vector<plugin::instance*> replaced_by(const candidate& next,
                                               std::span<const candidate> all) const;
    plugin::instance* find_serving(const std::string& id) const;
    void try_next();
    void load(arriving taken);
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
    prober& prober_;
    const settings& settings_;
    const plugin::surroundings around_;
    std::deque<arriving> arriving_; // the first one is being tried
    std::vector<joining> joining_;
    std::vector<plugin::instance*> removed_;
    std::unique_ptr<snapshot> proposed_;
    bool is_under_way_ = false;
    occasion why_ = occasion::seen;   // it is under way
    std::optional<occasion> waiting_; // why one more follows
};

// The line of a plugin that has come into service.
void log_in_service(const plugin::instance& serving, const plugin::instance* replaced = nullptr);

} // namespace mortise::server
