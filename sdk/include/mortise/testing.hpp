// SPDX-License-Identifier: BSL-1.0
// Testing a plugin without a server. Header-only; needs the standard library, dlfcn and POSIX, and
// works with every test framework or none.
//
//     #include <mortise/testing.hpp>
//
//     mortise::testing::host host;
//     auto plugin = host.load("build/echo.so", {{"limit", "10"}});
//     auto answer = plugin.send(mortise::testing::post("/echo").with_content("abc"));
//     assert(answer.status() == 200 && answer.content() == "abc");
#pragma once

#include <mortise/testing/answer.hpp>
#include <mortise/testing/failure.hpp>
#include <mortise/testing/host.hpp>
#include <mortise/testing/library.hpp>
#include <mortise/testing/log_line.hpp>
#include <mortise/testing/options.hpp>
#include <mortise/testing/pending.hpp>
#include <mortise/testing/plugin.hpp>
#include <mortise/testing/request.hpp>
