// SPDX-License-Identifier: BSL-1.0
// Writing what had to wait.
#include "net/outbox.hpp"

#include "net/stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mortise::net {

lent_content::lent_content(lent_content&& other) noexcept
    : bytes_{other.bytes_},
      release_{std::exchange(other.release_, nullptr)},
      argument_{other.argument_} {}

lent_content::~lent_content() {
    if (release_ != nullptr) {
        release_(argument_);
    }
}

void outbox::append(std::string_view bytes) {
    if (!bytes.empty()) {
        pieces_.push_back({std::string{bytes}, lent_content{{}, nullptr, nullptr}, 0});
        size_ += bytes.size();
    }
}

void outbox::append(lent_content content, std::size_t written) {
    size_ += content.bytes().size() - written;
    pieces_.push_back({{}, std::move(content), written});
}

base::result<bool> outbox::write_to(stream& stream) {
    while (!pieces_.empty()) {
        std::array<std::string_view, 4> next;
        const std::size_t count = std::min(next.size(), pieces_.size());
        for (std::size_t at = 0; at < count; ++at) {
            next[at] = pieces_[at].rest();
        }
        const auto written = stream.write({next.data(), count});
        if (written) {
            drop(*written);
        } else if (is_would_block(written.error())) {
            return false;
        } else {
            return {boost::system::in_place_error, written.error()};
        }
    }
    return true;
}

void outbox::drop(std::size_t written) noexcept {
    size_ -= written;
    while (!pieces_.empty() && written >= pieces_.front().rest().size()) {
        written -= pieces_.front().rest().size();
        pieces_.pop_front();
    }
    if (!pieces_.empty()) {
        pieces_.front().written += written;
    }
}

} // namespace mortise::net
