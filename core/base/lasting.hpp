// SPDX-License-Identifier: BSL-1.0
// Objects that outlive every thread.
#ifndef MORTISE_BASE_LASTING_HPP
#define MORTISE_BASE_LASTING_HPP

#include <utility>

namespace mortise::base {

// Makes an object that is never destroyed, for a static reference. Where a plugin calls exit(),
// static objects are destroyed while the host's threads go on using them.
template <class T, class... Arguments>
T& lasting(Arguments&&... arguments) {
    return *new T{std::forward<Arguments>(arguments)...};
}

} // namespace mortise::base

#endif
