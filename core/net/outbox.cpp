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

void outbox::append(lent_file file) {
    const auto size = static_cast<std::size_t>(file.rest());
    pieces_.push_back({{}, lent_content{{}, nullptr, nullptr}, 0, std::move(file)});
    size_ += size;
}

base::result<outbox::progress> outbox::write_to(stream& stream) {
    constexpr std::size_t most_of_files = 512 * 1024; // in one call
    std::size_t of_files = 0;
    while (!pieces_.empty()) {
        const bool is_file = pieces_.front().file.is_there();
        if (is_file && of_files >= most_of_files) {
            return progress::paused;
        }
        const auto written =
            is_file ? write_file(stream, most_of_files - of_files) : write_bytes(stream);
        if (written) {
            of_files += is_file ? *written : 0;
            drop(*written);
        } else if (is_would_block(written.error())) {
            return progress::blocked;
        } else {
            return {boost::system::in_place_error, written.error()};
        }
    }
    return progress::done;
}

// The pieces in front of the next file.
base::result<std::size_t> outbox::write_bytes(stream& stream) {
    std::array<std::string_view, 4> next;
    std::size_t count = 0;
    for (; count < std::min(next.size(), pieces_.size()); ++count) {
        if (pieces_[count].file.is_there()) {
            break;
        }
        next[count] = pieces_[count].rest();
    }
    return stream.write({next.data(), count});
}

base::result<std::size_t> outbox::write_file(stream& stream, std::size_t most) {
    const auto& file = pieces_.front().file;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, file.rest()));
    const auto written = stream.write_file(file.descriptor(), file.offset(), size);
    if (written && *written == 0 && size != 0) {
        return {boost::system::in_place_error, make_error_code(file_ends_early)};
    }
    return written;
}

void outbox::drop(std::size_t written) noexcept {
    size_ -= written;
    while (!pieces_.empty() && written >= pieces_.front().rest_size()) {
        written -= pieces_.front().rest_size();
        pieces_.pop_front();
    }
    if (!pieces_.empty() && written != 0) {
        pieces_.front().skip(written);
    }
}

} // namespace mortise::net
