// What the built plugin answers, and when: the test owns the clock, and no time passes in truth.
#undef NDEBUG // assert() is the test
#include <mortise/testing.hpp>

#include <cassert>
#include <chrono>

namespace testing = mortise::testing;
using namespace std::chrono_literals;

static void asks_both_at_once() {
    testing::host host;
    auto plugin = host.load(PLUGIN_FILE);
    auto pending = plugin.begin(testing::get("/my-plugin/pears"));
    host.advance(99ms);
    assert(!pending.is_answered());
    host.advance(1ms);
    auto answer = pending.finish();
    assert(answer.status() == 200);
    assert(answer.content() == "the near shop has pears, the far shop has pears\n");
}

static void gives_up_in_time() {
    testing::host host;
    auto plugin = host.load(PLUGIN_FILE, {{"delay-ms", "60000"}});
    assert(plugin.send(testing::get("/my-plugin/pears")).status() == 504);
}

static void ends_with_a_client_that_leaves() {
    testing::host host;
    auto plugin = host.load(PLUGIN_FILE);
    auto pending = plugin.begin(testing::get("/my-plugin/pears"));
    host.run();
    pending.disconnect();
    host.run();
    assert(pending.is_over());
}

// A host ends the program where the plugin has broken a rule of the border.
int main() {
    asks_both_at_once();
    gives_up_in_time();
    ends_with_a_client_that_leaves();
}
