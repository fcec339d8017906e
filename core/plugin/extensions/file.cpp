// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.file/1".
#include "plugin/extensions/extensions.hpp"
#include "plugin/reply.hpp"

namespace mortise::plugin {

constexpr mortise_file file_extension{
    .size = sizeof(mortise_file), .reserved = 0, .reply = reply_with_file};

} // namespace mortise::plugin
