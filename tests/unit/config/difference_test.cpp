// SPDX-License-Identifier: BSL-1.0
// What is said of the way from one configuration to another.
#include "config/difference.hpp"
#include "unit/config/in_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace mortise::config {
namespace {

using clauses = std::vector<std::string>;

class Differences : public test::in_folder {
protected:
    configured configure(const std::string& text) const {
        std::ofstream{folder / "mortise.toml"} << "[plugins]\ndirectory = \"p\"\nall = true\n"
                                               << text;
        auto made = read({folder / "mortise.toml", {}});
        for (const auto& each : made.faults) {
            ADD_FAILURE() << each.line();
        }
        return made;
    }
    clauses between(const std::string& before, const std::string& after) const {
        const auto first = configure(before);
        return differences(first, configure(after));
    }
};

TEST_F(Differences, AreNoneWhereTextsAloneDiffer) {
    EXPECT_EQ(between("[limits]\ntarget_size = \"8KiB\"\n[plugin.a]\nmount = \"/a\"\n",
                      "# moved\n[plugin.a]\nmount = '/a'\n[limits]\ntarget_size = 8192\n"),
              clauses{});
}

TEST_F(Differences, AreToldOfEachKey) {
    EXPECT_EQ(between("[server]\nserver_field = \"m\"\n[limits]\nfields = 7\n",
                      "[limits]\nfields = 8\n[deadlines]\nheader = \"5s\"\n[log]\nlevel = "
                      "\"debug\"\n"),
              (clauses{"server.server_field has its default now: none", "limits.fields is 8 now",
                       "deadlines.header is \"5s\" now", "log.level is \"debug\" now"}));
}

TEST_F(Differences, AreNotToldOfKeysThatTakeARestart) {
    EXPECT_EQ(between("", "[server]\nworkers = 7\n"), clauses{});
}

TEST_F(Differences, AreToldOfListenersThatStay) {
    EXPECT_EQ(between("[[listener]]\naddress = \"unix:/a\"\n[[listener]]\naddress = \"[::1]:1\"\n",
                      "[[listener]]\naddress = \"[::1]:2\"\nproxy_protocol = true\n"
                      "[[listener]]\naddress = \"unix:/a\"\ntrusted_proxies = [\"unix\"]\n"
                      "mode = \"0600\"\n"),
              (clauses{"trusted_proxies of unix:/a is [\"unix\"] now"}));
}

TEST_F(Differences, AreToldOfVirtualHosts) {
    EXPECT_EQ(between("[virtual_host.a]\nnames = [\"a.example\"]\n[virtual_host.b]\nnames = "
                      "[\"b.example\"]\n",
                      "[virtual_host.b]\nnames = [\"c.example\"]\n"),
              (clauses{"virtual_host.a is configured no more",
                       "virtual_host.b.names is [\"c.example\"] now"}));
}

TEST_F(Differences, AreToldOfPluginsTheirValuesAndLimits) {
    EXPECT_EQ(
        between("[plugin.a]\nmount = \"/a\"\n[plugin.a.config]\nold = \"1\"\nsame = \"2\"\n"
                "[plugin.a.limits]\nlog = 5\n[plugin.b]\nmount = \"/b\"\n",
                "[plugin.a]\nmount = \"/shop\"\n[plugin.a.config]\nnew = \"3\"\nsame = \"2\"\n"
                "[plugins.limits]\nrequests = 9\n"),
        (clauses{"plugins.limits.requests is 9 now", "plugin.b is configured no more",
                 "plugin.a.mount is \"/shop\" now", "plugin.a.config.old is left out now",
                 "plugin.a.config.new is \"3\" now", "plugin.a.limits is configured no more"}));
}

TEST_F(Differences, HideSecrets) {
    std::ofstream{folder / "token"} << "s3cret-credential\n";
    ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    const auto told = between("[plugin.a.config]\npassword = \"s3cret-one\"\n",
                              "[server]\nserver_field = \"${credential:token}\"\n"
                              "[plugin.a.config]\npassword = \"s3cret-two\"\n"
                              "login = \"${credential:token}\"\n");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_EQ(told, (clauses{"server.server_field has another value now",
                             "plugin.a.config.login has another value now",
                             "plugin.a.config.password has another value now"}));
}

} // namespace
} // namespace mortise::config
