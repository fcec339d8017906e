// SPDX-License-Identifier: BSL-1.0
// What an operator is shown of settings.
#include "config/show.hpp"
#include "unit/config/in_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace mortise::config {
namespace {

class Show : public test::in_folder {
protected:
    configured configure(const std::string& text) const {
        std::ofstream{folder / "mortise.toml"} << text;
        auto made = read({folder / "mortise.toml", {}});
        for (const auto& each : made.faults) {
            ADD_FAILURE() << each.line();
        }
        return made;
    }
    std::string show(const std::string& text) const { return config::show(configure(text)); }
};

TEST_F(Show, NamesWhereEachValueCameFrom) {
    const auto text = show("[plugins]\ndirectory = \"p\"\nall = true\n[server]\nworkers = 4\n");
    const auto file = (folder / "mortise.toml").string();
    EXPECT_NE(text.find("\nworkers = 4 # " + file + ":5:11\n"), text.npos) << text;
    EXPECT_NE(text.find("\npool_threads = 8 # default\n"), text.npos) << text;
    EXPECT_NE(text.find("\n# state: nowhere (default)\n"), text.npos) << text;
    EXPECT_NE(text.find("\ndirectory = \"" + (folder / "p").string() + "\" # " + file), text.npos);
}

TEST_F(Show, HidesSecrets) {
    std::ofstream{folder / "token"} << "s3cret-credential\n";
    ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    ::setenv("SHOP_DB_PASSWORD", "s3cret-variable", 1);
    const auto text = show("[plugins]\ndirectory = \"p\"\nall = true\n[plugin.a.config]\n"
                           "password = \"s3cret-password\"\napi_key = \"s3cret-key\"\n"
                           "login = \"${credential:token}\"\nuser = \"ada\"\n"
                           "open = \"db=shop pw=${SHOP_DB_PASSWORD}\"\n"
                           "source = \"postgres://app:s3cret-uri@db/shop\"\n"
                           "home = \"postgres://db/shop\"\n");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    ::unsetenv("SHOP_DB_PASSWORD");
    EXPECT_EQ(text.find("s3cret"), text.npos) << text;
    EXPECT_NE(text.find("\"home\" = \"postgres://db/shop\""), text.npos) << text;
    EXPECT_NE(text.find("\"user\" = \"ada\""), text.npos) << text;
    EXPECT_NE(text.find("\"login\" = \"(hidden)\""), text.npos) << text;
}

TEST_F(Show, SaysWhatHoldsAndWhatARestartBrings) {
    const std::string plugins = "[plugins]\ndirectory = \"p\"\nall = true\n";
    const auto first = configure(plugins + "[server]\nworkers = 2\nstate = \"/s\"\n");
    const auto next = configure(plugins + "[server]\nworkers = 7\ntiming = true\npool_queue = 5\n"
                                          "[access_log]\nfile = \"/f\"\nformat = \"json\"\n");
    const auto text = config::show(next, first);
    const auto file = (folder / "mortise.toml").string();
    EXPECT_NE(text.find("\nworkers = 2 # " + file + ":5:11; 7 after a restart\n"), text.npos)
        << text;
    EXPECT_NE(text.find("\nstate = \"/s\" # " + file + ":6:9; nowhere after a restart\n"),
              text.npos);
    EXPECT_NE(text.find("\npool_queue = 1000 # default; 5 after a restart\n"), text.npos);
    EXPECT_NE(text.find("\n# file: standard output (default); \"/f\" after a restart\n"),
              text.npos);
    EXPECT_NE(text.find("\ntiming = true # " + file + ":6:10\n"), text.npos) << text;
    EXPECT_EQ(config::show(next).find("after a restart"), std::string::npos);
}

TEST_F(Show, HidesCredentialsThatHoldAndThatWait) {
    std::ofstream{folder / "one"} << "/s3cret-one\n";
    std::ofstream{folder / "two"} << "/s3cret-two\n";
    ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    const std::string plugins = "[plugins]\ndirectory = \"p\"\nall = true\n[server]\n";
    const auto first = configure(plugins + "state = \"${credential:one}\"\n");
    const auto next = configure(plugins + "state = \"${credential:two}\"\n");
    const auto plain = configure(plugins + "state = \"/plain\"\n");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    for (const auto& text :
         {config::show(next, first), config::show(plain, first), config::show(first, plain)}) {
        EXPECT_EQ(text.find("s3cret"), text.npos) << text;
    }
    EXPECT_NE(config::show(first, plain).find("; \"(hidden)\" after a restart\n"),
              std::string::npos);
}

TEST_F(Show, IsAConfigurationItself) {
    const std::string limits = "[plugins.limits]\nlog = 5\n[plugin.a.limits]\ntime = \"2s\"\n";
    const auto first = show("[plugins]\ndirectory = \"/p\"\nall = true\nfilters = [\"x\"]\n"
                            "[virtual_host.v]\nnames = [\"a.example\"]\n"
                            "[plugin.a]\nmount = \"/m\"\nvirtual_hosts = [\"v\"]\n"
                            "[plugin.a.config]\n\"odd \\\"key\\\"\" = \"line\\nend\"\n" +
                            limits);
    const auto without_origins = [](std::string text) {
        std::string made;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = text.find('\n', at);
            const auto line = text.substr(at, end - at);
            made += line.substr(0, line.find(" # ")) + "\n";
            at = end + 1;
        }
        return made;
    };
    EXPECT_EQ(without_origins(show(first)), without_origins(first));
}

} // namespace
} // namespace mortise::config
