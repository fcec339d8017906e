// SPDX-License-Identifier: BSL-1.0
// What follows what.
#include "develop/workshop.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <utility>

namespace mortise::develop {

namespace {

void say(const std::string& line) {
    std::cerr << line << std::endl;
}

std::string joined(const std::vector<product>& plugins) {
    std::string all;
    for (const auto& each : plugins) {
        all += (all.empty() ? "" : ", ") + each.id + " " + each.version;
    }
    return all;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& each : lines) {
        all += each + "\n";
    }
    return all;
}

std::string seconds_since(source_watch::clock::time_point then) {
    const std::chrono::duration<double> passed = source_watch::clock::now() - then;
    std::ostringstream text;
    text << std::fixed << std::setprecision(2) << passed.count() << " s";
    return text.str();
}

std::string ending(const siginfo_t& how) {
    return how.si_code == CLD_EXITED ? "with exit code " + std::to_string(how.si_status)
                                     : "by " + server::child_process::signal_text(how.si_status);
}

} // namespace

workshop::workshop(order what, room laid_out)
    : order_{std::move(what)},
      room_{std::move(laid_out)},
      watch_{control_, order_.built.sources, order_.built.build},
      builder_{control_, household_, order_.built},
      host_{control_,
            household_,
            {room_.configuration(), room_.control(), room_.notify(), order_.options}},
      began_{clock::now()} {}

int workshop::run() {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        signals_.add(number);
    }
    std::signal(SIGPIPE, SIG_IGN);
    wait_for_signal();
    if (!watch_.fault().empty()) {
        say("mortise: saves are not seen: " + watch_.fault() + "; raise fs.inotify's limits");
        return 1;
    }
    watch_.start([this](clock::time_point saved) { source_has_changed(saved); });
    if (!start_host({"The first build is under way", {}})) {
        return 1;
    }
    control_.run();
    return code_;
}

void workshop::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) {
            end();
            wait_for_signal();
        }
    });
}

// A second time stops the host where it is.
void workshop::end() {
    if (!std::exchange(is_ending_, true)) {
        watch_.stop();
        builder_.stop();
    }
    host_.stop();
    end_where_nothing_runs();
}

void workshop::end_where_nothing_runs() {
    if (is_ending_ && !host_.is_running() && !builder_.is_running()) {
        control_.stop();
    }
}

bool workshop::start_host(const page& first) {
    is_ready_ = false;
    auto fault = room_.lay_out({{}, first});
    if (fault.empty()) {
        fault = host_.start([this] { host_is_ready(); },
                            [this](const siginfo_t& how) { host_has_ended(how); });
    }
    if (!fault.empty()) {
        say("mortise: " + fault);
    }
    return fault.empty();
}

void workshop::host_is_ready() {
    room_.settle();
    is_ready_ = true;
    if (std::exchange(has_begun_, true)) {
        return go_on();
    }
    say("building " + order_.built.sources.string());
    build();
}

// A plugin may end it; then who asks is told, until the next save.
void workshop::host_has_ended(const siginfo_t& how) {
    if (is_ending_) {
        const bool is_crash = how.si_code != CLD_EXITED; // what it cut off is no fault of ours
        code_ = std::max(code_, is_crash ? 1 : 0);
        return end_where_nothing_runs();
    }
    if (!is_ready_) { // its own words are above
        code_ = how.si_code == CLD_EXITED && how.si_status != 0 ? how.si_status : 1;
        return end();
    }
    good_.clear();
    const std::string what = "The plugin has ended its host " + ending(how);
    say(what + "; the next save serves again");
    if (!start_host(
            {what, "What it wrote stands in the terminal. The next save is served again.\n"})) {
        code_ = 1;
        end();
    }
}

void workshop::source_has_changed(clock::time_point saved) {
    if (!saved_) {
        saved_ = saved;
    }
    builder_.stop(); // what it makes is of yesterday
    go_on();
}

// The next step, where there is one to take.
void workshop::go_on() {
    if (saved_ && is_ready_ && !is_ending_ && !is_busy()) {
        began_ = *std::exchange(saved_, std::nullopt);
        is_first_ = false;
        build();
    }
}

void workshop::build() {
    builder_.begin([this](const builder::outcome& came_to) { is_built(came_to); });
}

void workshop::is_built(const builder::outcome& came_to) {
    if (is_ending_) {
        return end_where_nothing_runs();
    }
    if (came_to.came_to == builder::result::stopped) {
        return go_on();
    }
    const bool is_good = came_to.came_to == builder::result::good;
    const bool has_warnings = came_to.output.find("warning: ") != std::string::npos;
    if (!is_good || has_warnings) {
        std::cerr << came_to.output << std::flush;
    }
    if (is_good) {
        return swap(came_to.made);
    }
    if (order_.keeps_last_good && !good_.empty()) {
        say("the build is broken; " + joined(good_) + " serves on");
        return go_on();
    }
    say("the build is broken; every request is answered with what stands above");
    show({"The plugin cannot be built", came_to.output});
}

// The host has ended meanwhile, and starts again.
void workshop::build_later() {
    if (!saved_) {
        saved_ = began_;
    }
}

void workshop::tell_unclaimed(const std::vector<product>& made) const {
    for (const auto& [id, values] : room_.by().values) {
        if (std::ranges::find(made, id, &product::id) == made.end()) {
            say("there is no plugin \"" + id + "\", which --set names");
        }
    }
}

void workshop::swap(std::vector<product> made) {
    if (!is_ready_) {
        return build_later();
    }
    tell_unclaimed(made);
    if (const auto fault = room_.lay_out({std::move(made), {}}); !fault.empty()) {
        say("mortise: " + fault);
        return go_on();
    }
    is_reloading_ = true;
    host_.reload([this](const served_host::change& came_to) {
        is_reloading_ = false;
        is_swapped(came_to);
    });
}

void workshop::is_swapped(const served_host::change& came_to) {
    if (came_to.has_gone || is_ending_) {
        return go_on();
    }
    if (came_to.faults.empty()) {
        room_.settle();
        good_ = room_.laid_out().plugins;
        const std::string since = is_first_ ? " after the start" : " after the save";
        say(came_to.made.empty() ? "nothing has changed"
                                 : joined(good_) + " serves, " + seconds_since(began_) + since);
        return go_on();
    }
    const std::string faults = joined(came_to.faults);
    std::cerr << faults << std::flush;
    if (order_.keeps_last_good && !good_.empty()) {
        say("the plugin cannot be loaded; " + joined(good_) + " serves on");
        room_.lay_out({good_, {}}); // for a host that starts again
        return go_on();
    }
    say("the plugin cannot be loaded; every request is answered with what stands above");
    show({"The plugin cannot be loaded", faults});
}

// The last good plugin stays loaded behind it, so that it comes back at once.
void workshop::show(page why) {
    if (!is_ready_) {
        return build_later();
    }
    if (const auto fault = room_.lay_out({good_, std::move(why)}); !fault.empty()) {
        say("mortise: " + fault);
        return go_on();
    }
    is_reloading_ = true;
    host_.reload([this](const served_host::change& came_to) {
        is_reloading_ = false;
        if (came_to.faults.empty() && !came_to.has_gone) {
            room_.settle();
            good_ = room_.laid_out().plugins;
        } else {
            std::cerr << joined(came_to.faults) << std::flush;
        }
        go_on();
    });
}

} // namespace mortise::develop
