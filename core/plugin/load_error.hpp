// SPDX-License-Identifier: BSL-1.0
// Why a plugin is not in service: the file, what is wrong with it, and what to do.
#pragma once

#include <boost/system/result.hpp>

#include <filesystem>
#include <string>
#include <utility>

namespace mortise::plugin {

// What is wrong and what to do, before it is known which file it is about. Both are clauses
// without a full stop and without a line break.
struct fault {
    std::string what; // "is built for ABI 0.2, this host speaks 0.1"
    std::string cure; // "rebuild it with the SDK of this host"
};

struct load_error {
    std::filesystem::path file;
    std::string what;
    std::string cure;

    load_error() = default;
    load_error(std::filesystem::path about, fault found)
        : file{std::move(about)}, what{std::move(found.what)}, cure{std::move(found.cure)} {}

    // "/usr/lib/mortise/a.so: is truncated; copy it again". One line, whatever a plugin said.
    std::string line() const;
};

// A value, or why there is none.
template <class T>
using loaded = boost::system::result<T, load_error>;
template <class T>
using judged = boost::system::result<T, fault>;

} // namespace mortise::plugin
