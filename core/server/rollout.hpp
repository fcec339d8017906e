// SPDX-License-Identifier: BSL-1.0
// How the plugin directory comes into service while the host serves.
#pragma once

#include "plugin/catalogue.hpp"
#include "server/fleet.hpp"
#include "server/prober.hpp"
#include "server/retirement.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mortise::config {
struct settings;
}

namespace mortise::server {

// One change after the other; everything [control]. What fails leaves the plugins in service as
// they are, with the reason in the log.
//
//   look at the directory ─► try ─► load ─► enter each loop ─► publish on each loop ─► retire
class rollout {
public:
    rollout(boost::asio::io_context& control, worker_span workers, fleet& of, retirement& leaving,
            prober& trying, const config::settings& chosen, const plugin::surroundings& around);

    // Who wants a change: an operator, or the watch that has seen one of the directory.
    enum class occasion { seen, asked };

    // What a change came to, in clauses for people.
    struct outcome {
        std::vector<std::string> changes; // "greeting 1.0.0 is in service as generation 3"
        std::vector<std::string> faults;  // that are in the log too
    };
    using on_done = std::function<void(const outcome&)>;

    // Sees every change that is made, one after the other. The end of a reload is told by who has
    // asked for it: there is more to it than plugins.
    class observer {
    public:
        virtual void on_change_begin(occasion why) = 0;
        virtual void on_change_end(occasion why, const outcome& came_to) = 0;

    protected:
        ~observer() = default;
    };
    // From now on; `by` outlives this.
    void observe(observer& by) noexcept { observer_ = &by; }

    // Brings every file into service that differs from what serves, and, where an operator asks for
    // it, takes plugins out whose file is gone. While a change is under way, one more follows it.
    void begin(occasion why, on_done done = {});

    // Brings the plugins of other settings into service, all of them or, where anything is wrong,
    // none: then everything stays as it was. By `on_done` at the latest, the caller replaces the
    // settings that this was made with, if that came to no fault.
    void reload(std::shared_ptr<const config::settings> next, on_done done);

    // The host is stopping: no other settings come into service any more.
    void stop() noexcept { is_stopped_ = true; }

    // Brings the generation of the plugin back that was replaced last. What serves now comes again
    // only where its file is asked for, or changes.
    void roll_back(const std::string& id, on_done done);
    bool can_roll_back(const std::string& id) const { return previous_.contains(id); }

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

    // A change that is wanted.
    struct wish {
        occasion why = occasion::seen;
        std::string rolled_back; // the id; empty: the directory is to be looked at
        std::shared_ptr<const config::settings> next; // null: those that are
        std::vector<on_done> done;
    };
    void add(wish wanted);
    void begin_next();
    // Those of the change that is under way.
    const config::settings& chosen() const;
    plugin::surroundings around() const;
    bool is_overtaken(); // by a stop, which is noted as a fault
    bool is_whole() const { return wishes_.front().next != nullptr; } // all of it, or nothing
    void begin_roll_back();
    void fail(std::string line);
    bool is_rejected(const candidate& found);
    void look_at_directory();
    void look_for_unclaimed(std::span<const candidate> found);
    void look_for_missing(std::span<const plugin::wanted> files, std::span<const candidate> found);
    bool is_as_wanted(const plugin::instance& serving, const candidate& found) const;
    std::vector<plugin::instance*> replaced_by(const candidate& next,
                                               std::span<const candidate> all) const;
    plugin::instance* find_serving(const std::string& id) const;
    void try_next();
    void load(arriving taken);
    void propose();
    bool is_sound(std::span<plugin::instance* const> serving);
    void enter();
    void refuse(const plugin::load_error& why);
    void withdraw_all();
    // Lets these leave the loops that they have entered, and destroys them.
    void withdraw(std::vector<joining> refused, std::function<void()> then);
    void publish();
    void note_change(const joining& each);
    void finish();
    std::vector<plugin::instance*> next_serving() const;

    boost::asio::io_context& control_;
    const worker_span workers_;
    fleet& fleet_;
    retirement& retirement_;
    prober& prober_;
    const config::settings& settings_;
    const plugin::surroundings around_; // but what settings say
    std::deque<arriving> arriving_;     // the first one is being tried
    std::vector<joining> joining_;
    std::vector<plugin::instance*> removed_;
    std::unique_ptr<snapshot> proposed_;
    std::deque<wish> wishes_;                   // the first one is under way
    outcome outcome_;                           // of that
    std::map<std::string, candidate> previous_; // by id: what was replaced last
    observer* observer_ = nullptr;              // null: nobody
    bool is_stopped_ = false;
    std::map<std::string, std::uint64_t> rejected_; // by id: the digest that was rolled back
};

} // namespace mortise::server
