// SPDX-License-Identifier: BSL-1.0
// MORTISE_PLUGIN: makes a class the plugin of its library.
#pragma once

#include <mortise/abi/plugin.h>
#include <mortise/sdk/detail/identity.hpp>
#include <mortise/sdk/detail/lifecycle.hpp>

// Stands once in a library, outside every namespace. `Type` is a class with
//   - a constructor from const mortise::config&, or without arguments: throws to refuse to load;
//   - void routes(mortise::routes& on): registers its handlers.
// The host makes one object for each plugin that it loads, and destroys it before it unloads the
// library. Id: [a-z][a-z0-9-]*, at most 63 characters. Version: "1.0.0", perhaps with "-rc.1" or
// "+build" behind it.
#define MORTISE_PLUGIN(Type, Id, Version)                                                          \
    static_assert(::mortise::detail::is_id(Id),                                                    \
                  "a plugin's id is [a-z][a-z0-9-]*, at most 63 characters");                      \
    static_assert(::mortise::detail::is_version(Version),                                          \
                  "a plugin's version is like \"1.0.0\", at most 63 characters");                  \
    static_assert(::mortise::detail::plugin_type<Type>,                                            \
                  "a plugin has a constructor from const mortise::config& or without arguments, "  \
                  "and void routes(mortise::routes&), void filters(mortise::filters&), or both");  \
    MORTISE_NOTE(Id, Version);                                                                     \
    extern "C" MORTISE_EXPORT constinit const struct mortise_plugin mortise_plugin =               \
        ::mortise::detail::describe<Type>(Id, Version);
