// SPDX-License-Identifier: BSL-1.0
// Awaiting a piece of content, in either direction.
#pragma once

#include <mortise/sdk/detail/operation.hpp>
#include <mortise/sdk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

class read_awaiter final : public operation_awaiter<read_awaiter> {
public:
    read_awaiter(mortise_exchange exchange, std::span<char> into) noexcept
        : exchange_{exchange}, into_{into} {}

    std::int32_t start(const services& services) {
        return needed(services, services.content, MORTISE_CONTENT_EXTENSION)
            .read(exchange_, into_.data(), into_.size(), &operation());
    }
    std::size_t await_resume() {
        if (status() == MORTISE_E_CONTENT) {
            throw http_error{static_cast<unsigned>(operation().result),
                             "The content could not be read"};
        }
        if (status() != MORTISE_OK) {
            throw_failure(status(), "read_some()");
        }
        return static_cast<std::size_t>(operation().result);
    }

private:
    mortise_exchange exchange_;
    std::span<char> into_;
};

// Text is a std::string_view, or a std::string that is kept until the write is over.
template <class Text>
class write_awaiter final : public operation_awaiter<write_awaiter<Text>> {
public:
    write_awaiter(mortise_exchange exchange, Text piece) noexcept
        : exchange_{exchange}, piece_{std::move(piece)} {}

    std::int32_t start(const services& services) {
        return services.content->write(exchange_, to_abi(piece_), &this->operation());
    }
    void await_resume() const {
        if (this->status() != MORTISE_OK) {
            throw_failure(this->status(), "write()");
        }
    }

private:
    mortise_exchange exchange_;
    Text piece_;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
