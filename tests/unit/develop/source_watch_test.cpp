// SPDX-License-Identifier: BSL-1.0
// What counts as a save, on a real folder.
#include "develop/source_watch.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

namespace mortise::develop {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file) {
    std::ofstream{file} << "text";
}

class SourceWatch : public testing::Test {
protected:
    SourceWatch() {
        std::string made = (fs::temp_directory_path() / "mortise-watch-XXXXXX").string();
        folder_ = fs::canonical(::mkdtemp(made.data()));
        fs::create_directories(folder_ / "source/deep");
        fs::create_directories(folder_ / "build/deep");
        fs::create_directories(folder_ / "other-build");
        fs::create_directories(folder_ / ".git");
        write(folder_ / "a.cpp");
        write(folder_ / "other-build/CMakeCache.txt");
    }
    ~SourceWatch() override { fs::remove_all(folder_); }

    // How often a save is told of, up to one that is certain to be.
    int saves(const std::function<void()>& change) {
        boost::asio::io_context control{1};
        source_watch watched{control, folder_, folder_ / "build"};
        EXPECT_EQ(watched.fault(), "");
        int told = 0;
        watched.start([&](source_watch::clock::time_point first) {
            EXPECT_LE(first + source_watch::quiet, source_watch::clock::now());
            ++told;
        });
        change();
        // All that is seen of the change was there before this.
        const auto end = source_watch::clock::now() + source_watch::quiet * 2;
        while (control.run_one_until(end) != 0) {
        }
        const int of_change = told;
        write(folder_ / "a.cpp");
        while (told == of_change) {
            control.run_one();
        }
        return of_change;
    }

    fs::path folder_;
};

TEST_F(SourceWatch, TellsOfABurstOnce) {
    EXPECT_EQ(saves([this] {
                  write(folder_ / "a.cpp");
                  write(folder_ / "b.cpp");
                  write(folder_ / "source/deep/c.hpp");
              }),
              1);
}

TEST_F(SourceWatch, SeesASaveByRenaming) {
    EXPECT_EQ(saves([this] {
                  write(folder_ / ".a.cpp.new");
                  fs::rename(folder_ / ".a.cpp.new", folder_ / "a.cpp");
              }),
              1);
}

TEST_F(SourceWatch, SeesFilesThatGo) {
    EXPECT_EQ(saves([this] { fs::remove(folder_ / "a.cpp"); }), 1);
}

TEST_F(SourceWatch, SeesNewFoldersAndWhatComesIntoThem) {
    EXPECT_EQ(saves([this] { fs::create_directories(folder_ / "new/deep"); }), 1);

    boost::asio::io_context control{1};
    source_watch watched{control, folder_, folder_ / "build"};
    int told = 0;
    watched.start([&](auto) { ++told; });
    fs::create_directories(folder_ / "newer/deep");
    while (told == 0) {
        control.run_one();
    }
    write(folder_ / "newer/deep/d.hpp");
    while (told == 1) {
        control.run_one();
    }
}

TEST_F(SourceWatch, LeavesOutWhatIsNobodysWork) {
    EXPECT_EQ(saves([this] {
                  write(folder_ / "build/hello.so");
                  write(folder_ / "build/deep/hello.o");
                  write(folder_ / "other-build/hello.o");
                  write(folder_ / "hello.so"); // where a project has set its output folder
                  write(folder_ / "source/a.o");
                  write(folder_ / ".git/index");
                  write(folder_ / ".a.cpp.swp");
                  write(folder_ / "a.cpp~");
                  write(folder_ / "#a.cpp#");
                  write(folder_ / "compile_commands.json");
                  fs::create_directory(folder_ / ".cache");
              }),
              0);
}

} // namespace
} // namespace mortise::develop
