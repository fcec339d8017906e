// SPDX-License-Identifier: BSL-1.0
// The metrics in a file, for as long as the host serves.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace mortise::server {

// Writes the file at once, and then every ten seconds. It is always whole: it is written beside its
// place and put there. What cannot be written is an error line each time. [control]
class metrics_file {
public:
    // `text` makes what the file shall hold.
    metrics_file(boost::asio::io_context& control, std::filesystem::path file,
                 std::function<std::string()> text);

    void write();

private:
    void write_later();

    const std::filesystem::path file_;
    const std::function<std::string()> text_;
    boost::asio::steady_timer turn_;
};

} // namespace mortise::server
