// SPDX-License-Identifier: BSL-1.0
// A request's content as it arrives.
#pragma once

#include <mortise/abi/types.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Thread: the test's.
class incoming_content {
public:
    // What a read comes to.
    struct piece {
        std::int32_t status;
        std::uint64_t result;
    };

    void limit(std::uint64_t bytes) {
        limit_ = bytes;
        judge();
    }
    void expect(std::optional<std::uint64_t> length) { length_ = length; }

    void push(std::string_view bytes) {
        bytes_ += bytes;
        judge();
    }
    void end() {
        has_ended_ = true;
        if (length_ && bytes_.size() != *length_) {
            fail(400);
        }
    }
    // The client's content is broken: `status` says so.
    void fail(unsigned status) { fault_ = fault_ == 0 ? status : fault_; }

    unsigned fault() const noexcept { return fault_; }
    bool is_whole() const noexcept { return has_ended_ && fault_ == 0; }
    const std::string& bytes() const noexcept { return bytes_; }
    void skip() noexcept { taken_ = bytes_.size(); }

    // The next bytes, the end, or the fault behind them; nothing: it has to be waited for.
    std::optional<piece> take(char* into, std::size_t size) {
        const std::size_t ready = fault_ == 413 ? 0 : std::min(bytes_.size() - taken_, size);
        if (ready != 0) {
            std::memcpy(into, bytes_.data() + taken_, ready);
            taken_ += ready;
            return piece{MORTISE_OK, ready};
        }
        if (fault_ != 0) {
            return piece{MORTISE_E_CONTENT, fault_};
        }
        return has_ended_ ? std::optional{piece{MORTISE_OK, 0}} : std::nullopt;
    }

private:
    void judge() {
        if (std::max<std::uint64_t>(bytes_.size(), length_.value_or(0)) > limit_) {
            fail(413);
        } else if (length_ && bytes_.size() > *length_) {
            fail(400);
        }
    }

    std::string bytes_;
    std::size_t taken_ = 0;
    std::uint64_t limit_ = UINT64_MAX;
    std::optional<std::uint64_t> length_;
    bool has_ended_ = false;
    unsigned fault_ = 0; // a status code
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
