// SPDX-License-Identifier: BSL-1.0
// A connected stream socket.
#pragma once

#include "net/listener_settings.hpp"
#include "net/stream.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace mortise::net {

class socket_stream : public stream {
public:
    // Takes over `descriptor`, which is connected and non-blocking.
    socket_stream(readiness& readiness, int descriptor) noexcept
        : readiness_{readiness}, descriptor_{descriptor} {}
    ~socket_stream() override;

    base::result<void> watch(observer& watcher) noexcept override;
    base::result<void> watch_writing(observer& watcher) noexcept override;
    base::result<std::size_t> read(std::span<char> into) noexcept override;
    base::result<std::size_t> write(std::span<const std::string_view> pieces) noexcept override;
    base::result<std::size_t> write_file(int descriptor, std::uint64_t offset,
                                         std::size_t most) noexcept override;
    void shut_writing() noexcept override;
    void reset_on_close() noexcept override;

private:
    readiness& readiness_;
    const int descriptor_;
};

// One from a listener that trusts proxies.
class proxied_stream final : public socket_stream {
public:
    proxied_stream(readiness& readiness, int descriptor,
                   std::shared_ptr<const listener_settings> settings) noexcept
        : socket_stream{readiness, descriptor}, settings_{std::move(settings)} {}

    const std::vector<address_block>* trusted_proxies() const noexcept override {
        return &settings_->trusted_proxies;
    }

private:
    const std::shared_ptr<const listener_settings> settings_;
};

} // namespace mortise::net
