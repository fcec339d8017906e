// SPDX-License-Identifier: BSL-1.0
// All that a plugin in C++20 needs. Header-only; no dependency but the standard library.
//
//     class greeting {
//     public:
//         explicit greeting(const mortise::config& config);
//         void routes(mortise::routes& on) {
//             on.get("/{name}", [](const mortise::request& request) {
//                 return mortise::text("Hello, ", request.param("name"), "!\n");
//             });
//         }
//     };
//     MORTISE_PLUGIN(greeting, "greeting", "1.0.0")
#pragma once

#include <mortise/sdk/config.hpp>
#include <mortise/sdk/error.hpp>
#include <mortise/sdk/log.hpp>
#include <mortise/sdk/plugin.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/response.hpp>
#include <mortise/sdk/routes.hpp>
