// SPDX-License-Identifier: BSL-1.0
// The currency of errors in base, async and net: a value or an error code.
#pragma once

#include <boost/system/result.hpp>

namespace mortise::base {

using error_code = boost::system::error_code;

// A value, or the error code that says why there is none. End of stream and cancellation are
// values of T, not errors.
template <class T>
using result = boost::system::result<T>;

// The error code of `errno` as it stands now.
inline error_code last_system_error() noexcept {
    return {errno, boost::system::system_category()};
}

} // namespace mortise::base
