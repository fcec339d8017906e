// SPDX-License-Identifier: BSL-1.0
// The plugins' metrics in a file, for as long as the host serves.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>

namespace mortise::server {

class fleet;

// Writes the file at once, and then every ten seconds. It is always whole: it is written beside its
// place and put there. What cannot be written is an error line each time. [control]
class metrics_file {
public:
    metrics_file(boost::asio::io_context& control, std::filesystem::path file, const fleet& of);

    void write();

private:
    void write_later();

    const std::filesystem::path file_;
    const fleet& of_;
    boost::asio::steady_timer turn_;
};

} // namespace mortise::server
