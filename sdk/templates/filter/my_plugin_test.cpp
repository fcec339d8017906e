// Whom the built filter lets in, in a host without a server.
#undef NDEBUG // assert() is the test
#include <mortise/testing.hpp>

#include <cassert>

namespace testing = mortise::testing;

static void turns_away_who_has_no_key() {
    testing::host host;
    auto plugin = host.load(PLUGIN_FILE);
    assert(plugin.send(testing::get("/my-plugin")).status() == 401);
    assert(plugin.send(testing::get("/my-plugin").with_field("X-Key", "guess")).status() == 401);
}

static void lets_in_who_has_the_key() {
    testing::host host;
    auto plugin = host.load(PLUGIN_FILE, {{"key", "1234"}});
    auto answer = plugin.send(testing::get("/my-plugin").with_field("X-Key", "1234"));
    assert(answer.status() == 200);
    assert(answer.content() == "You are in\n");
    assert(answer.field("X-Let-In-By") == "my-plugin");
}

// A host ends the program where the plugin has broken a rule of the border.
int main() {
    turns_away_who_has_no_key();
    lets_in_who_has_the_key();
}
