// SPDX-License-Identifier: BSL-1.0
// The steps of a plugin's life, each judged.
#include "plugin/instance.hpp"

#include "base/clock.hpp"
#include "base/hash.hpp"
#include "plugin/host_services.hpp"
#include "plugin/lifecycle_step.hpp"
#include "plugin/metric_registration.hpp"
#include "plugin/roll.hpp"
#include "plugin/route_registration.hpp"
#include "plugin/view.hpp"

#include <cstdlib>
#include <new>
#include <utility>

namespace mortise::plugin {
namespace {

std::atomic<std::uint64_t> loaded_so_far{0};

constexpr std::string_view many_faults =
    "is in quarantine for its faults: its requests are answered with 503; replace the plugin";

std::chrono::seconds now() noexcept {
    return std::chrono::duration_cast<std::chrono::seconds>(
        base::monotonic_now().time_since_epoch());
}

} // namespace

instance::instance(std::filesystem::path file, identity note, plugin::configuration values,
                   const surroundings& around)
    : file_{std::move(file)},
      identity_{std::move(note)},
      reports_{around.reports},
      is_checked_{around.is_checked},
      generation_{++loaded_so_far},
      limits_{around.limits != nullptr ? limits_of(*around.limits, identity_.id)
                                       : plugin::limits{}},
      log_lines_{limits_.log != 0 ? limits_.log : plugin::limits::default_log},
      fault_budget_{around.faults, around.within},
      tally_{around.tallies != nullptr ? (*around.tallies)[identity_.id] : own_tally_},
      places_(around.loops) {
    for (auto& [key, text] : values) {
        values_.emplace(key, entry{std::move(text)});
    }
}

bool instance::take_down() noexcept {
    if (library_ == nullptr) {
        return true;
    }
    if (is_started_) {
        quiesce(); // where it is dropped before it could serve
    }
    begin_step("destroy");
    if (const auto destroy = library_->descriptor().destroy; is_created_ && destroy != nullptr) {
        call_quietly("destroy", [&] { destroy(state_); });
    }
    begin_step("unload");
    const bool is_gone = unload();
    holds::forget(ordinal_);
    roll::leave(ordinal_);
    library_.reset();
    return is_gone;
}

bool instance::unload() noexcept {
    std::string holder;
    for (const auto& reason : holds()) {
        holder += (holder.empty() ? "" : ", ") + reason;
    }
    if (const auto thread = library_->stray_thread()) {
        holder += (holder.empty() ? "" : ", ") + ("its thread " + std::to_string(*thread) +
                                                  " runs on; end it in quiesce or destroy");
    }
    if (!holder.empty()) {
        library_->pin();
    }
    if (library_->unload()) {
        return true;
    }
    reports_.report(severity::error, id(),
                    version() + ": its code stays mapped from " + library_->mapped_path().string() +
                        "; " +
                        (holder.empty() ? "a thread_local of the plugin holds it"
                                        : "the plugin holds it: " + holder),
                    {});
    return false;
}

loaded<std::unique_ptr<instance>> instance::load(const std::filesystem::path& file,
                                                 const identity& note,
                                                 std::span<const std::byte> bytes,
                                                 plugin::configuration values,
                                                 const surroundings& around) {
    around.reports.begin_step("load");
    auto code = library::load(bytes, file, note);
    if (!code) {
        return load_error{file, std::move(code).error()};
    }
    std::unique_ptr<instance> made{new instance{file, note, std::move(values), around}};
    const auto ordinal = roll::enter(*made);
    if (!ordinal) {
        return load_error{file, {"is one plugin too many", "load at most 256"}};
    }
    made->ordinal_ = *ordinal;
    holds::open(*ordinal);
    made->library_ = std::move(*code);
    made->digest_ = base::hash(bytes);
    if (auto bad = made->create()) {
        return load_error{file, std::move(*bad)};
    }
    if (auto bad = made->configure()) {
        return load_error{file, std::move(*bad)};
    }
    made->report_unread_values();
    return made;
}

std::optional<fault> instance::create() {
    lifecycle_step step{*this, lifecycle_step::kind::create};
    auto bad = step.run(
        [this] { return library_->descriptor().create(&host_services(), abi(), &state_); });
    is_created_ = !bad;
    return bad;
}

std::optional<fault> instance::configure() {
    lifecycle_step step{*this, lifecycle_step::kind::configure};
    auto bad = step.run([this] { return library_->descriptor().configure(state_); });
    return refused_ ? std::move(refused_) : std::move(bad);
}

std::optional<load_error> instance::start() {
    const auto call = library_->descriptor().start;
    if (call != nullptr) {
        lifecycle_step step{*this, lifecycle_step::kind::start};
        if (auto bad = step.run([&] { return call(state_); })) {
            return load_error{file_, std::move(*bad)};
        }
    }
    is_started_ = true;
    return std::nullopt;
}

std::optional<load_error> instance::enter_loop(loop_handle& loop) {
    place& here = places_[loop.index()];
    if (const auto call = library_->descriptor().loop_start) {
        lifecycle_step step{*this, lifecycle_step::kind::loop_start};
        if (auto bad = step.run([&] { return call(state_, loop.abi(), &here.state); })) {
            return load_error{file_, std::move(*bad)};
        }
    }
    here.is_entered = true;
    return std::nullopt;
}

void instance::leave_loop(loop_handle& loop) {
    place& here = places_[loop.index()];
    if (!std::exchange(here.is_entered, false)) {
        return;
    }
    begin_step("loop_stop");
    if (const auto call = library_->descriptor().loop_stop) {
        call_quietly("loop_stop", [&] { call(state_, loop.abi(), here.state); });
    }
    here.state = nullptr;
}

bool instance::is_made_of(std::span<const std::byte> bytes) const {
    return library_->is_copy_of(bytes);
}

bool instance::is_configured_by(const plugin::configuration& values,
                                const plugin::limits& limits) const {
    return limits == limits_ &&
           std::ranges::equal(values, values_, [](const auto& given, const auto& own) {
               return given.first == own.first && given.second == own.second.text;
           });
}

void instance::quiesce() {
    begin_step("quiesce");
    const auto call = library_->descriptor().quiesce;
    if (!std::exchange(is_quiesced_, true) && call != nullptr) {
        call_quietly("quiesce", [&] { call(state_); });
    }
}

void instance::report_fault(std::string_view text) noexcept {
    if (is_checked_) {
        end_here(text);
    }
    count_fault();
    report_failure(text);
    if (fault_budget_.spend(now())) {
        quarantine(many_faults);
    }
}

void instance::count_stall() noexcept {
    count_fault();
    if (fault_budget_.spend_third(now())) {
        quarantine(many_faults);
    }
}

void instance::report_left() noexcept {
    quarantine("is in quarantine for a call that did not return: its requests are answered with "
               "503; replace the plugin");
}

void instance::quarantine(std::string_view why) noexcept {
    auto expected = admission::open;
    if (!admission_.compare_exchange_strong(expected, admission::quarantined)) {
        return;
    }
    reports_.report(severity::error, id(), why, {});
}

// The caller of the host's function is on the stack of the core dump.
void instance::end_here(std::string_view fault) noexcept {
    reports_.report(severity::error, id(), version() + ": " + std::string{fault}, {});
    reports_.report(severity::error, id(), "a plugin broke a rule of the border: ending here", {});
    std::abort();
}

void instance::report_failure(std::string_view text) noexcept {
    const auto [is_let_through, left_out] = fault_lines_.count(now().count());
    if (!is_let_through) {
        return;
    }
    try {
        std::string line = version() + ": ";
        line += text;
        if (left_out != 0) {
            line += " (" + std::to_string(left_out) + " faults before were not logged)";
        }
        reports_.report(severity::error, id(), line, {});
    } catch (const std::bad_alloc&) {
        reports_.report(severity::error, id(), "a fault: there is no memory to say which", {});
    }
}

void instance::log(severity level, std::string_view text,
                   std::span<const http::field> fields) noexcept {
    if (!is_logged(level)) {
        return;
    }
    const auto [is_let_through, left_out] = log_lines_.count(now().count());
    if (!is_let_through) {
        tally_.log_lines_left_out.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    if (left_out != 0) {
        const auto count = std::to_string(left_out); // short: takes no memory
        const http::field lines{"lines", count};
        reports_.report(severity::warning, id(),
                        "lines of a plugin were left out: it writes too many", {&lines, 1});
    }
    reports_.report(level, id(), text.substr(0, max_log_line), fields);
}

std::int32_t instance::find_value(std::string_view key, mortise_view& found) noexcept {
    const auto* const step = lifecycle_step::running(*this);
    if (step == nullptr || step->which() > lifecycle_step::kind::configure) {
        report_fault("config() was called outside create and configure, on " + this_thread());
        return MORTISE_E_STATE;
    }
    const auto found_entry = values_.find(key);
    if (found_entry == values_.end()) {
        return MORTISE_E_INVALID;
    }
    entry& there = found_entry->second;
    there.was_read = true;
    found = to_abi(there.text);
    return MORTISE_OK;
}

std::int32_t instance::add_route(const mortise_route& asked) noexcept {
    const auto* const step = lifecycle_step::running(*this);
    if (step == nullptr || step->which() != lifecycle_step::kind::configure) {
        report_fault("add_route() was called outside configure, on " + this_thread());
        return MORTISE_E_STATE;
    }
    auto copied = copy_route(asked);
    if (!copied) {
        refused_ = std::move(copied).error();
        return MORTISE_E_INVALID;
    }
    handlers_.push_back(std::make_unique<handler>(*this, std::move(*copied)));
    return MORTISE_OK;
}

std::int32_t instance::add_filter(const mortise_filter& asked) noexcept {
    const auto* const step = lifecycle_step::running(*this);
    if (step == nullptr || step->which() != lifecycle_step::kind::configure) {
        report_fault("filter add() was called outside configure, on " + this_thread());
        return MORTISE_E_STATE;
    }
    if (auto bad = judge_filter(asked)) {
        refused_ = std::move(bad);
        return MORTISE_E_INVALID;
    }
    filters_.push_back(std::make_unique<filter>(*this, asked));
    return MORTISE_OK;
}

std::int32_t instance::offer_state(const mortise_state_offer& offered) noexcept {
    const auto* const step = lifecycle_step::running(*this);
    if (step == nullptr || step->which() != lifecycle_step::kind::configure || state_offer_) {
        report_fault("state offer() was called twice or outside configure, on " + this_thread());
        return MORTISE_E_STATE;
    }
    if (offered.size < sizeof offered || (offered.save == nullptr && offered.restore == nullptr)) {
        report_fault("state offer(): it is too small, or has neither save nor restore");
        return MORTISE_E_INVALID;
    }
    state_offer_ = offered;
    return MORTISE_OK;
}

std::int32_t instance::add_metric(const mortise_metric_description& asked,
                                  mortise_metric*& made) noexcept {
    const auto* const step = lifecycle_step::running(*this);
    if (step == nullptr || step->which() != lifecycle_step::kind::configure) {
        report_fault("metrics add() was called outside configure, on " + this_thread());
        return MORTISE_E_STATE;
    }
    auto described = copy_metric(asked, id(), metrics_);
    if (!described) {
        refused_ = std::move(described).error();
        return MORTISE_E_INVALID;
    }
    metrics_.push_back(std::make_unique<metric>(*this, std::move(*described), places_.size()));
    made = metrics_.back()->abi();
    return MORTISE_OK;
}

void instance::report_unread_values() {
    for (const auto& [key, each] : values_) {
        if (!each.was_read) {
            reports_.report(severity::warning, id(),
                            "configuration key \"" + key + "\" was not read; is it misspelt?", {});
        }
    }
}

} // namespace mortise::plugin
