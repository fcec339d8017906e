// SPDX-License-Identifier: BSL-1.0
// The law that a plugin is unmapped after unload, and that the host knows where it is not.
#include "unit/plugin/fixture.hpp"

#include <dlfcn.h>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <thread>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

bool is_in_maps(const std::string& part) {
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        if (line.find(part) != line.npos) {
            return true;
        }
    }
    return false;
}

judged<std::unique_ptr<library>> load(const std::string& name) {
    const auto path = test::plugin_path(name);
    const auto bytes = *read_plugin_file(path);
    return library::load(bytes, path, *read_identity(bytes));
}

TEST(Unmapping, LeavesNothingOfALibrary) {
    auto code = load("sound");
    ASSERT_TRUE(code);
    const fs::path path = (*code)->mapped_path();
    EXPECT_TRUE(is_in_maps(path.string()));
    EXPECT_TRUE((*code)->unload());
    EXPECT_FALSE(is_in_maps(path.string()));
    EXPECT_EQ(::dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD), nullptr);
    EXPECT_TRUE((*code)->unload());
    code->reset();
    EXPECT_FALSE(fs::exists(path.parent_path()));
}

TEST(Unmapping, FollowsServing) {
    test::small_host host;
    {
        test::served sound{host, "sound"};
        loopback::exchange exchange{http::method::get, "/lend"};
        sound.handle(exchange, 2);
        EXPECT_TRUE(is_in_maps("/sound.so"));
    }
    EXPECT_FALSE(is_in_maps("/sound.so"));
}

TEST(Unmapping, FollowsARefusedLoad) {
    test::small_host host;
    for (const char* const name : {"throws_in_create", "fails_in_create", "wrong_size"}) {
        EXPECT_FALSE(host.load(name));
        EXPECT_FALSE(is_in_maps("/" + std::string{name} + ".so"));
    }
}

TEST(Unmapping, HoldsOverManyGenerations) {
    test::small_host host;
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(host.load("sound"));
    }
    EXPECT_FALSE(is_in_maps("/sound.so"));
}

TEST(Unmapping, IsReportedWhereAThreadPinsTheCode) {
    test::small_host host;
    auto pinned = *host.load("pinned");
    pinned->enter_loop(host.loop);
    loopback::exchange exchange{http::method::get, "/fault"};
    std::promise<void> served;
    std::promise<void> may_end;
    host.table.detach();
    std::thread loop{[&] {
        host.table.attach();
        pinned->handlers()[0]->handle(exchange);
        host.table.detach();
        served.set_value();
        may_end.get_future().wait();
    }};
    served.get_future().wait();
    host.table.attach();
    pinned->leave_loop(host.loop);
    pinned.reset();
    const std::string start = "<3> pinned: 1.0.0: its code stays mapped from ";
    ASSERT_EQ(host.reports.count(start), 1U);
    const auto line = host.reports.lines().back();
    const fs::path kept = line.substr(start.size(), line.find(';') - start.size());
    EXPECT_TRUE(is_in_maps(kept.string()));
    EXPECT_TRUE(fs::exists(kept));
    fs::remove_all(kept.parent_path());
    may_end.set_value();
    loop.join();
}

TEST(Unmapping, IsLeftOutWhereAThreadOfThePluginRunsOn) {
    test::small_host host;
    auto threaded = *host.load("starts_thread");
    const fs::path copy = threaded->mapped_path();
    const auto kept = library::kept();
    EXPECT_FALSE(threaded->take_down());
    EXPECT_EQ(host.reports.count("; the plugin holds it: its thread "), 1U);
    EXPECT_TRUE(is_in_maps(copy.string()));
    EXPECT_EQ(library::kept(), kept + 1);
    fs::remove_all(copy.parent_path());
}

TEST(Unmapping, IsDoneWhereThePluginEndsItsThread) {
    test::small_host host;
    for (int generation = 0; generation != 20; ++generation) {
        auto threaded = *host.load("ends_thread");
        const std::string copy = threaded->mapped_path().string();
        EXPECT_TRUE(threaded->take_down());
        EXPECT_FALSE(is_in_maps(copy));
    }
    EXPECT_EQ(host.reports.count("stays mapped"), 0U);
}

} // namespace
} // namespace mortise::plugin
