// SPDX-License-Identifier: BSL-1.0
// Reading by descriptor, so that what was judged is what is read.
#include "plugin/plugin_file.hpp"

#include "base/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

fault not_readable(int error) {
    if (error == ENOENT) {
        return {"is not there", "check the path"};
    }
    return {"cannot be read: " + std::system_category().message(error),
            "let the host's user read it"};
}

} // namespace

std::optional<fault> judge_writers(const fs::path& path, const struct stat& state, uid_t user) {
    if (state.st_uid != 0 && state.st_uid != user) {
        return fault{"belongs to another user (uid " + std::to_string(state.st_uid) +
                         "), who may change what this host runs",
                     "chown it to root or to the host's user"};
    }
    if ((state.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fault{"may be written by others", "chmod go-w " + path.string()};
    }
    return std::nullopt;
}

loaded<std::vector<std::byte>> read_plugin_file(const fs::path& file) {
    // A FIFO named *.so must not stop the host: it is opened without waiting, then refused.
    const base::descriptor open{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat state {};
    if (open.number() < 0 || ::fstat(open.number(), &state) != 0) {
        return load_error{file, not_readable(errno)};
    }
    if (!S_ISREG(state.st_mode)) {
        return load_error{file, {"is not a regular file", "put only shared libraries here"}};
    }
    if (auto bad = judge_writers(file, state, ::geteuid())) {
        return load_error{file, std::move(*bad)};
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(state.st_size));
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got = ::read(open.number(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return load_error{file, not_readable(errno)};
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
    return bytes;
}

std::optional<load_error> judge_folder(const fs::path& directory) {
    struct stat state {};
    if (::stat(directory.c_str(), &state) != 0 || (state.st_mode & S_ISVTX) != 0) {
        return std::nullopt; // what is not there is told of the file
    }
    if (auto bad = judge_writers(directory, state, ::geteuid())) {
        return load_error{directory, std::move(*bad)};
    }
    return std::nullopt;
}

loaded<std::vector<fs::path>> list_plugin_files(const fs::path& directory) {
    const base::descriptor open{::open(directory.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY)};
    struct stat state {};
    if (open.number() < 0 || ::fstat(open.number(), &state) != 0) {
        if (errno == ENOTDIR) {
            return load_error{directory, {"is not a directory", "name the plugin directory"}};
        }
        return load_error{directory, not_readable(errno)};
    }
    if (auto bad = judge_writers(directory, state, ::geteuid())) {
        return load_error{directory, std::move(*bad)};
    }
    std::vector<fs::path> files;
    std::error_code failed;
    for (fs::directory_iterator entry{directory, failed}, end; !failed && entry != end;
         entry.increment(failed)) {
        if (entry->path().extension() == ".so") {
            files.push_back(entry->path());
        }
    }
    if (failed) {
        return load_error{directory, not_readable(failed.value())};
    }
    std::ranges::sort(files);
    return files;
}

} // namespace mortise::plugin
