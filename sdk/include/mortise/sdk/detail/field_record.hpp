// SPDX-License-Identifier: BSL-1.0
// The fields of a response, one behind the other in one stretch of bytes.
#pragma once

#include <mortise/abi/types.h>
#include <mortise/sdk/detail/short_text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Each field is a head with the two sizes, its name, its value:
//
//     ┌──────────┬───────────┬──────┬───────┬──────────┬──
//     │ name size│ value size│ name │ value │ name size│ …
//     └──────────┴───────────┴──────┴───────┴──────────┴──
//
// so that a handler's few fields need one copy each and no allocation.
class field_record {
public:
    void add(std::string_view name, std::string_view value) {
        const head sizes{name.size(), value.size()};
        char bytes[sizeof sizes];
        std::memcpy(bytes, &sizes, sizeof sizes);
        bytes_.append({bytes, sizeof bytes});
        bytes_.append(name);
        bytes_.append(value);
        ++count_;
    }

    std::uint32_t count() const noexcept { return count_; }

    // Writes count() views of the fields; they are valid until the record changes.
    void view(mortise_field* into) const noexcept {
        const char* at = bytes_.view().data();
        for (std::uint32_t left = count_; left != 0; --left, ++into) {
            head sizes;
            std::memcpy(&sizes, at, sizeof sizes);
            at += sizeof sizes;
            into->name = {at, sizes.name};
            into->value = {at + sizes.name, sizes.value};
            at += sizes.name + sizes.value;
        }
    }

private:
    struct head {
        std::size_t name;
        std::size_t value;
    };

    std::uint32_t count_ = 0;
    short_text<128> bytes_;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
