// SPDX-License-Identifier: BSL-1.0
// Saving and restoring, each by its plugin, with the bytes between them in the host's memory.
#include "plugin/hand_over.hpp"

#include "plugin/instance.hpp"
#include "plugin/view.hpp"

#include <new>
#include <optional>
#include <string>
#include <utility>

namespace mortise::plugin {
namespace {

constexpr std::size_t max_state = 64 * 1024 * 1024; // bytes

// Lives while save runs on this thread, which alone finds it.
class state_writer {
public:
    state_writer() noexcept : outer_{std::exchange(innermost_, this)} {}
    state_writer(const state_writer&) = delete;
    state_writer& operator=(const state_writer&) = delete;
    ~state_writer() { innermost_ = outer_; }

    mortise_state_writer* abi() noexcept { return reinterpret_cast<mortise_state_writer*>(this); }
    // nullptr: it is none whose save runs on this thread.
    static state_writer* find(mortise_state_writer* writer) noexcept {
        return innermost_ != nullptr && innermost_->abi() == writer ? innermost_ : nullptr;
    }

    // False: there is no room.
    bool write(std::string_view bytes) {
        is_full_ = is_full_ || bytes.size() > max_state - bytes_.size();
        if (!is_full_) {
            bytes_ += bytes;
        }
        return !is_full_;
    }
    bool is_full() const noexcept { return is_full_; }
    const std::string& bytes() const noexcept { return bytes_; }

private:
    static inline constinit thread_local state_writer* innermost_ = nullptr;

    state_writer* outer_;
    std::string bytes_;
    bool is_full_ = false;
};

// What a step of the plugin came to; its exceptions are reported as those of any other call.
template <class Step>
std::int32_t run(instance& of, const char* name, Step step) {
    std::int32_t result = MORTISE_E_FAILED;
    of.call_quietly(name, [&] { result = step(); });
    return result;
}

hand_over_result judge(instance& of, const std::string& step, std::int32_t result) {
    if (result == MORTISE_OK) {
        return hand_over_result::done;
    }
    if (result == MORTISE_DECLINED) {
        of.log(severity::info, step + " declines: the next generation begins without it", {});
        return hand_over_result::declined;
    }
    of.report_failure(step + " failed with code " + std::to_string(result) +
                      ": the next generation begins without it");
    return hand_over_result::failed;
}

} // namespace

hand_over_result hand_over(instance& old, instance& next) {
    const auto& from = old.state_offer();
    const auto& to = next.state_offer();
    if (!from || !to || from->save == nullptr || to->restore == nullptr) {
        return hand_over_result::not_offered;
    }
    state_writer writer;
    const auto saved = run(old, "save", [&] { return from->save(from->user, writer.abi()); });
    if (const auto result = judge(old, "save", saved); result != hand_over_result::done) {
        return result;
    }
    if (writer.is_full()) {
        old.report_failure("save wrote more than 64 MiB: the next generation begins without it");
        return hand_over_result::failed;
    }
    const auto restored = run(next, "restore", [&] {
        return to->restore(to->user, from->format, to_abi(writer.bytes()));
    });
    return judge(next, "restore", restored);
}

std::int32_t write_state(mortise_state_writer* to, mortise_view bytes) noexcept {
    auto* const writer = state_writer::find(to);
    if (writer == nullptr) {
        return MORTISE_E_STATE;
    }
    if (!is_sound(bytes)) {
        return MORTISE_E_INVALID;
    }
    try {
        return writer->write(from_abi(bytes)) ? MORTISE_OK : MORTISE_E_MEMORY;
    } catch (const std::bad_alloc&) {
        return MORTISE_E_MEMORY;
    }
}

} // namespace mortise::plugin
