// SPDX-License-Identifier: BSL-1.0
// Reads all of a request's content, whether it is there or still to come.
#pragma once

#include "http/content.hpp"
#include "http/exchange.hpp"

#include <array>
#include <string>
#include <string_view>

namespace mortise::conformance {

// Lives until it has answered: with `finish`, or with the problem that ended the content.
class collector final : public http::content_read {
public:
    using finish = void (*)(http::exchange& read, std::string_view content);

    static void collect(http::exchange& exchange, finish then) {
        (new collector{exchange, then})->go_on();
    }

    void complete(std::size_t size) override {
        if (take(size)) {
            go_on();
        }
    }
    void fail(const http::problem& why) override {
        http::respond_with(exchange_, why);
        delete this;
    }

private:
    collector(http::exchange& exchange, finish then) noexcept
        : exchange_{exchange}, finish_{then} {}

    void go_on() {
        using state = http::read_progress::state;
        for (;;) {
            const auto progress = exchange_.read_content(room_, *this);
            if (progress.now == state::pending) {
                return;
            }
            if (progress.now == state::failed) {
                return fail(progress.why);
            }
            if (!take(progress.size)) {
                return;
            }
        }
    }

    // False: that was the end, and this is gone.
    bool take(std::size_t size) {
        if (size != 0) {
            content_.append(room_.data(), size);
            return true;
        }
        finish_(exchange_, content_);
        delete this;
        return false;
    }

    http::exchange& exchange_;
    finish finish_;
    std::string content_;
    std::array<char, 4096> room_;
};

} // namespace mortise::conformance
