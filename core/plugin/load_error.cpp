// SPDX-License-Identifier: BSL-1.0
// A load error as the one line that an operator reads.
#include "plugin/load_error.hpp"

#include <algorithm>

namespace mortise::plugin {

std::string load_error::line() const {
    std::string text = file.string() + ": " + what + "; " + cure;
    std::ranges::replace_if(
        text, [](unsigned char octet) { return octet < 0x20 || octet == 0x7f; }, ' ');
    return text;
}

} // namespace mortise::plugin
