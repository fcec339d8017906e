// SPDX-License-Identifier: BSL-1.0
// A two-way stream of bytes that never blocks: a socket, or a test's loopback.
#pragma once

#include "base/result.hpp"
#include "net/address_block.hpp"
#include "net/readiness.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mortise::net {

// Owned by one connection; closed when destroyed. Thread: its loop's. "Would block" is the error
// boost::asio::error::would_block (EAGAIN).
class stream {
public:
    stream() = default;
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    virtual ~stream() = default;

    // From now on `watcher` is told when there is something to do.
    virtual base::result<void> watch(observer& watcher) noexcept = 0;
    // Asks to be told of writability, after a write that came short.
    virtual base::result<void> watch_writing(observer& watcher) noexcept = 0;

    // Reads what is there, at most into.size(); 0 is the end of the stream.
    virtual base::result<std::size_t> read(std::span<char> into) noexcept = 0;
    // Writes the pieces one after the other, as much as is taken now; at most 4 pieces.
    virtual base::result<std::size_t> write(std::span<const std::string_view> pieces) noexcept = 0;
    // Writes of a file what lies at `offset`, as much as is taken now, at most `most` bytes (more
    // than 0); 0 is the end of the file. Errors are those of the peer and those of the file. The
    // process ignores SIGPIPE.
    virtual base::result<std::size_t> write_file(int descriptor, std::uint64_t offset,
                                                 std::size_t most) noexcept = 0;
    // Whose word on who its client is counts here; null: nobody's. Lasts as long as the stream.
    virtual const std::vector<address_block>* trusted_proxies() const noexcept { return nullptr; }
    // Tells the peer that no more will be written.
    virtual void shut_writing() noexcept = 0;
    // The peer shall see the coming close as an error and not as the end of the stream.
    virtual void reset_on_close() noexcept = 0;
};

inline bool is_would_block(const base::error_code& error) noexcept {
    return error == boost::system::errc::resource_unavailable_try_again;
}

} // namespace mortise::net
