// SPDX-License-Identifier: BSL-1.0
// Takes content of any size in constant memory and answers with its SHA-256: POST /upload.
#include <mortise/sdk.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/evp.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

class sha256 {
public:
    sha256() {
        if (state_ == nullptr || EVP_DigestInit_ex(state_.get(), EVP_sha256(), nullptr) != 1) {
            throw std::runtime_error{"SHA-256 cannot be had from libcrypto"};
        }
    }
    void add(std::string_view bytes) { EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()); }

    std::string hexadecimal() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        EVP_DigestFinal_ex(state_.get(), digest.data(), &size);
        std::string text;
        for (unsigned at = 0; at != size; ++at) {
            constexpr std::string_view digits = "0123456789abcdef";
            text += {digits[digest[at] >> 4], digits[digest[at] & 15]};
        }
        return text;
    }

private:
    struct free_state {
        void operator()(EVP_MD_CTX* state) const noexcept { EVP_MD_CTX_free(state); }
    };
    std::unique_ptr<EVP_MD_CTX, free_state> state_{EVP_MD_CTX_new()};
};

} // namespace

class upload {
public:
    explicit upload(const mortise::config& config)
        : limit_{config.get_or<std::uint64_t>("limit", std::uint64_t{8} << 30)} {}

    void routes(mortise::routes& on) { on.post("/upload", mortise::content_limit{limit_}, take); }

private:
    // The client sends only as fast as the pieces are read.
    static mortise::task<mortise::response> take(mortise::exchange& exchange) {
        sha256 digest;
        std::uint64_t total = 0;
        const auto room = std::make_unique<std::array<char, 64 * 1024>>();
        while (const std::size_t size = co_await exchange.read_some(*room)) {
            digest.add({room->data(), size});
            total += size;
        }
        co_return mortise::text(total, " bytes, SHA-256 ", digest.hexadecimal(), '\n');
    }

    std::uint64_t limit_; // bytes of content
};

MORTISE_PLUGIN(upload, "upload", "1.0.0")
