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
#include <mortise/sdk/event_stream.hpp>
#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/file.hpp>
#include <mortise/sdk/filters.hpp>
#include <mortise/sdk/gather.hpp>
#include <mortise/sdk/hold.hpp>
#include <mortise/sdk/identity.hpp>
#include <mortise/sdk/log.hpp>
#include <mortise/sdk/metrics.hpp>
#include <mortise/sdk/offload.hpp>
#include <mortise/sdk/plugin.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/response.hpp>
#include <mortise/sdk/routes.hpp>
#include <mortise/sdk/shield.hpp>
#include <mortise/sdk/sleep.hpp>
#include <mortise/sdk/spawn.hpp>
#include <mortise/sdk/state.hpp>
#include <mortise/sdk/stream.hpp>
#include <mortise/sdk/task.hpp>
#include <mortise/sdk/when_any.hpp>
#include <mortise/sdk/with_timeout.hpp>
