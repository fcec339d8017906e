// SPDX-License-Identifier: BSL-1.0
// What the fuzz targets share: the entry that libFuzzer calls, and how a property is claimed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace mortise::fuzz {

// Ends the process, which is how a fuzzer learns of a finding.
inline void claim(bool holds, std::string_view property) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(property.size()),
                     property.data());
        std::abort();
    }
}

// Cuts an input into pieces of sizes that the input itself chooses.
class cutter {
public:
    explicit cutter(std::uint32_t seed) noexcept : state_{seed | 1U} {}
    std::size_t next() noexcept {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return (state_ & 7U) == 0 ? 1 + (state_ >> 8) % 200 : 1 + (state_ >> 8) % 4;
    }

private:
    std::uint32_t state_;
};

} // namespace mortise::fuzz
