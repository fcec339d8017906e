// SPDX-License-Identifier: BSL-1.0
// What is done before each handler where somebody measures, and costs nothing where nobody does.
#pragma once

#include "http/handler.hpp"

namespace mortise::http1 {

struct workspace;

// Stands between a connection and its handler. Belongs to the workspace. Thread: its loop's.
class measuring final : public http::handler {
public:
    explicit measuring(workspace& of) noexcept : workspace_{of} {}

    void set_next(http::handler& next) noexcept { next_ = &next; }
    http::handler& next() const noexcept { return *next_; }

    // Notes the time, counts the request as one that is active, and hands it on.
    void handle(http::exchange& begun) noexcept override;

private:
    workspace& workspace_;
    http::handler* next_ = nullptr;
};

} // namespace mortise::http1
