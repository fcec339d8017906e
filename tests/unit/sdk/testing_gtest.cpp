// SPDX-License-Identifier: BSL-1.0
// Makes faults that a test of this program did not look at that test's failures.
#include <mortise/testing/failure.hpp>

#include <gtest/gtest.h>
#include <string>

namespace {

const auto aborting = mortise::testing::report_unseen_faults(
    [](const std::string& faults) { ADD_FAILURE() << faults; });

} // namespace
