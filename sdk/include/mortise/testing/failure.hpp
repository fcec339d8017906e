// SPDX-License-Identifier: BSL-1.0
// What a test is told when it cannot go on, and what becomes of faults that nobody looked at.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// The test asked for what cannot come, such as the answer to a request that nothing will answer.
// what() says what it waits for.
class failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The plugin does not load. what() names the file or plugin, the step, and the plugin's own
// explanation.
class load_error : public failure {
public:
    using failure::failure;
};

// Is called where a host ends with faults that were not looked at: with their texts, one a line.
// It runs in a destructor, so it must not throw.
using fault_reporter = void (*)(const std::string& faults);

namespace detail {

// The reporter of this program.
inline fault_reporter& unseen_fault_reporter() noexcept {
    static fault_reporter reporter = [](const std::string& faults) {
        std::fprintf(stderr, "the plugin broke rules of the border:\n%s", faults.c_str());
        std::abort();
    };
    return reporter;
}

} // namespace detail

// Puts a reporter in the place of the present one, which is returned. The first one writes to the
// standard error and aborts. So that a test framework fails the running test instead:
//
//     const auto aborting = mortise::testing::report_unseen_faults(
//         [](const std::string& faults) { ADD_FAILURE() << faults; });
inline fault_reporter report_unseen_faults(fault_reporter reporter) noexcept {
    return std::exchange(detail::unseen_fault_reporter(), reporter);
}

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
