// What the built plugin answers, in a host without a server.
#undef NDEBUG // assert() is the test
#include <mortise/testing.hpp>

#include <cassert>

namespace testing = mortise::testing;

static void greets_by_name() {
    testing::host host;
    auto plugin = host.load(PLUGIN_FILE);
    auto answer = plugin.send(testing::get("/my-plugin/Ada"));
    assert(answer.status() == 200);
    assert(answer.content() == "Hello, Ada!\n");
}

static void takes_its_salutation_from_the_configuration() {
    testing::host host;
    auto plugin = host.load(PLUGIN_FILE, {{"salutation", "Good morning"}});
    assert(plugin.send(testing::get("/my-plugin/Ada")).content() == "Good morning, Ada!\n");
}

// A host ends the program where the plugin has broken a rule of the border.
int main() {
    greets_by_name();
    takes_its_salutation_from_the_configuration();
}
