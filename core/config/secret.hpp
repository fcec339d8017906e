// SPDX-License-Identifier: BSL-1.0
// What the host shows to nobody.
#pragma once

#include <string>
#include <string_view>

namespace mortise::config {

// What stands for such a value.
inline constexpr std::string_view hidden_text = "(hidden)";

// Whether what is called so is a secret by convention: "api_key", "PGPASSWORD".
bool sounds_secret(std::string name);

// Whether it is a URI with a password in it: "postgres://app:secret@db/shop". RFC 3986 3.2.1
bool holds_password(std::string_view value) noexcept;

} // namespace mortise::config
