// SPDX-License-Identifier: BSL-1.0
// A plugin's call and a thread's stack, in the words of the log.
#pragma once

#include "base/pen.hpp"
#include "observe/log.hpp"
#include "observe/stack.hpp"
#include "plugin/call_site.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace mortise::server {

// Copied out of a call, so that it may be read when the call is over; takes no memory. In a signal
// handler of the thread that makes the call, or of none.
class call_text {
public:
    call_text() = default;
    explicit call_text(const plugin::entered_call& call) noexcept;

    // "plugin=… version=… generation=… file=… call=… exchange=…"
    static constexpr std::size_t max_fields = 6;
    // Puts them there; how many they are.
    std::size_t put(observe::log_field* to) const noexcept;

private:
    // A text of at most Size bytes.
    template <std::size_t Size>
    struct bounded {
        std::array<char, Size> room;
        std::size_t size = 0;

        template <class... Parts>
        void write(const Parts&... parts) noexcept {
            base::bounded_pen pen{room};
            (pen << ... << parts);
            size = pen.text().size();
        }
        std::string_view text() const noexcept { return {room.data(), size}; }
    };

    bounded<64> id_;
    bounded<64> version_;
    bounded<20> generation_;
    bounded<512> file_;
    bounded<512> call_; // "GET /{name}", "filter bearer", "loop_start"
    bounded<20> exchange_;
};

// A line for each frame; `is_calm` as in describe_address().
template <class WriteLine>
void describe(const observe::stack& taken, bool is_calm, WriteLine write_line) {
    std::size_t number = 0;
    for (void* const frame : taken.frames()) {
        std::array<char, 1024> room;
        base::bounded_pen pen{room};
        pen << "  #" << number << " ";
        std::array<char, 900> of_frame;
        const auto* const inside = static_cast<const char*>(frame) - (number != 0 ? 1 : 0);
        pen << observe::describe_address(inside, of_frame, is_calm);
        write_line(pen.text());
        ++number;
    }
}

} // namespace mortise::server
