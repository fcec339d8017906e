// SPDX-License-Identifier: BSL-1.0
// From files and options to settings. What is said of broken files stands in tests/config.
#include "config/keys.hpp"
#include "config/reader.hpp"
#include "unit/config/in_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sys/stat.h>

namespace mortise::config {
namespace {

using std::chrono::milliseconds;

class Reader : public test::in_folder {
protected:
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((folder / name).parent_path());
        std::ofstream{folder / name} << text;
    }
    configured read(std::vector<assignment> flags = {}) const {
        return config::read({folder / "mortise.toml", std::move(flags)});
    }
    static std::vector<std::string> lines(const configured& of) {
        std::vector<std::string> all;
        for (const auto& each : of.faults) {
            all.push_back(each.line());
        }
        return all;
    }

    const std::string plugins = "[plugins]\ndirectory = \"/usr/lib/mortise\"\nall = true\n";
};

TEST_F(Reader, NeedsNoFile) {
    const auto made = config::read({{},
                                    {{"plugins.directory", {"plugins"}, "--plugins"},
                                     {"plugins.all", {"true"}, "--plugins"},
                                     {"server.workers", {"3"}, "--workers"},
                                     {"plugin.greeting.config.salutation", {"Hi"}, "--set"},
                                     {"plugin.greeting.limits.requests", {"7"}, "--limit"},
                                     {"plugins.limits.log", {"9"}, "--limit"}}});
    EXPECT_EQ(lines(made), std::vector<std::string>{});
    EXPECT_EQ(made.chosen.plugins, "plugins");
    EXPECT_EQ(made.chosen.workers, 3U);
    EXPECT_EQ(made.chosen.plugin_configuration.at("greeting").at("salutation"), "Hi");
    EXPECT_EQ(plugin::limits_of(made.chosen.plugin_limits, "greeting").requests, 7U);
    EXPECT_EQ(plugin::limits_of(made.chosen.plugin_limits, "other").log, 9U);
}

TEST_F(Reader, LeavesHiddenFilesOfFoldersAlone) {
    write("mortise.toml", plugins);
    write("conf.d/.x.toml", "[server]\nworkers = 0\n");
    std::filesystem::create_symlink("me@host.1:2", folder / "conf.d/.#site.toml");
    EXPECT_EQ(lines(read()), std::vector<std::string>{});
}

TEST_F(Reader, WaitsForNoFifoInAFolder) {
    write("mortise.toml", plugins);
    std::filesystem::create_directory(folder / "conf.d");
    ASSERT_EQ(::mkfifo((folder / "conf.d/x.toml").c_str(), 0600), 0);
    EXPECT_EQ(lines(read()), std::vector<std::string>{(folder / "conf.d/x.toml").string() +
                                                      ": is no file; take it out"});
}

TEST_F(Reader, QuotesNoSecretWhereItDoesNotFit) {
    write("word", "s3cret-word\n");
    ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    write("mortise.toml", plugins + "[log]\nlevel = \"${credential:word}\"\n");
    const auto made = read();
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_EQ(lines(made), std::vector<std::string>{(folder / "mortise.toml").string() +
                                                    ":5:9: log.level: \"(hidden)\" is not one of "
                                                    "debug|info|warning|error"});
}

TEST_F(Reader, ReadsEachKind) {
    write("mortise.toml", plugins + R"(filters = ["bearer", "cors"]
[server]
workers = 4
check_plugins = true
[limits]
content_size = "2MiB"
target_size = 4096
[deadlines]
header = "500ms"
[access_log]
format = "json"
)");
    const auto made = read();
    EXPECT_EQ(lines(made), std::vector<std::string>{});
    EXPECT_EQ(made.chosen.workers, 4U);
    EXPECT_TRUE(made.chosen.check_plugins);
    EXPECT_EQ(made.chosen.limits.content_size, 2U << 20);
    EXPECT_EQ(made.chosen.limits.target_size, 4096U);
    EXPECT_EQ(made.chosen.deadlines.header, milliseconds{500});
    EXPECT_EQ(made.chosen.access_log, observe::access_format::json);
    EXPECT_EQ(made.chosen.filters, (std::vector<std::string>{"bearer", "cors"}));
    EXPECT_EQ(made.from.at("server.workers").at.text(),
              (folder / "mortise.toml").string() + ":6:11");
    EXPECT_FALSE(made.from.contains("server.pool_threads"));
}

TEST_F(Reader, PutsOptionsBeforeFiles) {
    write("mortise.toml", plugins + "[server]\nworkers = 4\n");
    const auto made = read({{"server.workers", {"2"}, "--workers"}});
    EXPECT_EQ(made.chosen.workers, 2U);
    EXPECT_EQ(made.from.at("server.workers").at.text(), "--workers");
}

TEST_F(Reader, PutsThePartsOfAPluginTogether) {
    write("mortise.toml", "[plugins]\ndirectory = \"/usr/lib/mortise\"\n"
                          "[virtual_host.main]\nnames = [\"example.org\", \"*.example.org\"]\n");
    write("plugins.d/greeting.toml", R"([plugin.greeting]
file = "greeting.so"
mount = "/hello"
virtual_hosts = ["main"]
[plugin.greeting.config]
salutation = "Hi"
retries = 3
ratio = 0.5
is_loud = true
[plugin.greeting.config.database]
host = "db"
[plugin.greeting.limits]
requests = 100
)");
    const auto made = read();
    EXPECT_EQ(lines(made), std::vector<std::string>{});
    EXPECT_EQ(made.chosen.plugin_files.at("greeting"), "/usr/lib/mortise/greeting.so");
    EXPECT_EQ(made.chosen.placements.at("greeting"),
              (placement{"/hello", {"example.org", "*.example.org"}}));
    EXPECT_EQ(made.chosen.plugin_configuration.at("greeting"),
              (std::map<std::string, std::string>{{"salutation", "Hi"},
                                                  {"retries", "3"},
                                                  {"ratio", "0.5"},
                                                  {"is_loud", "true"},
                                                  {"database.host", "db"}}));
    EXPECT_EQ(made.chosen.plugin_limits.at("greeting").requests, 100U);
}

TEST_F(Reader, CountsRelativePathsFromTheFileThatTheyStandIn) {
    write("mortise.toml", "[plugins]\ndirectory = \"plugins\"\n");
    write("conf.d/10-state.toml", "[server]\nstate = \"state\"\n");
    write("plugins.d/a.toml", "[plugin.a]\nfile = \"a.so\"\n[plugin.b]\nfile = \"../b.so\"\n");
    const auto made = read({{"metrics.file", {"metrics"}, "--metrics-file"}});
    EXPECT_EQ(lines(made), std::vector<std::string>{});
    EXPECT_EQ(made.chosen.plugins, folder / "plugins");
    EXPECT_EQ(made.chosen.state, folder / "conf.d/state");
    EXPECT_EQ(made.chosen.plugin_files.at("a"), folder / "plugins/a.so");
    EXPECT_EQ(made.chosen.plugin_files.at("b"), folder / "plugins.d/../b.so");
    EXPECT_EQ(made.chosen.metrics_file, "metrics");
}

TEST_F(Reader, ReadsFoldersInTheOrderOfTheirNames) {
    write("mortise.toml", plugins);
    write("conf.d/20.toml", "[server]\nworkers = 2\n");
    write("conf.d/10.toml", "[server]\nworkers = 1\n");
    write("conf.d/ignored.toml.bak", "[server]\nworkers = 3\n");
    const auto made = read();
    EXPECT_EQ(lines(made), std::vector<std::string>{(folder / "conf.d/20.toml").string() +
                                                    ":2:1: server.workers is set already at " +
                                                    (folder / "conf.d/10.toml").string() +
                                                    ":2:11; set it once"});
}

TEST_F(Reader, TellsOfLinksThatLeadToNothing) {
    write("mortise.toml", plugins);
    write("conf.d/b.toml", "");
    std::filesystem::create_symlink("none.toml", folder / "conf.d/a.toml");
    std::filesystem::create_symlink("b.toml", folder / "conf.d/c.toml");
    std::filesystem::create_symlink("none", folder / "plugins.d");
    EXPECT_EQ(lines(read()),
              (std::vector<std::string>{
                  (folder / "conf.d/a.toml").string() +
                      ": is a link to none.toml, which is not there; mend the link or remove it",
                  (folder / "plugins.d").string() +
                      ": is a link to none, which is not there; mend the link or remove it"}));
}

TEST_F(Reader, TellsOfAnAddressOfTheCommandLine) {
    write("mortise.toml", plugins);
    const auto made = read({{"listener.address", {"8080"}, "--listen"}});
    ASSERT_EQ(made.faults.size(), 1U);
    EXPECT_TRUE(made.faults[0].line().starts_with(
        "--listen: \"8080\" is no address to listen on; write NAME:PORT"))
        << made.faults[0].line();
}

TEST_F(Reader, TellsOfEveryFaultAtOnce) {
    write("mortise.toml", "[server]\nworkers = 0\n[limits]\nheader_size = \"48KiB\"\n");
    write("conf.d/a.toml", "[sever]\n");
    write("plugins.d/a.toml", "[server]\npool_queue = 1\n");
    EXPECT_EQ(lines(read()).size(), 4U);
}

TEST_F(Reader, NamesEachKeyOnceInItsTable) {
    std::set<std::string> names;
    std::set<std::string> flags;
    for (const auto& each : keys()) {
        EXPECT_TRUE(names.insert(each.name).second) << each.name;
        EXPECT_TRUE(each.flag.empty() || flags.insert(each.flag).second) << each.flag;
        EXPECT_FALSE(each.about.empty()) << each.name;
        const auto shown = each.show(settings{});
        EXPECT_NE(shown.empty(), each.unset.empty()) << each.name;
    }
}

} // namespace
} // namespace mortise::config
