/* SPDX-License-Identifier: BSL-1.0
 * Holds itself for a thread that works on until its plugin is quiesced. Where "forgets" is
 * configured, the thread ends without a release.
 */
#define _POSIX_C_SOURCE 200809L

#include "plain.h"

#include <mortise/abi/ext/hold.h>

#include <pthread.h>
#include <unistd.h>

static int ends[2];
static int forgets;
static int runs;
static uint64_t number;
static mortise_loop* home;
static pthread_t thread;

static const mortise_hold* holds(void) {
    return (const mortise_hold*)plain_extension(MORTISE_HOLD_EXTENSION);
}

static void say(const char* text) {
    plain_log(MORTISE_LOG_INFO, plain_view(text));
}

/* On the loop, in the middle of the work. */
static void let_go(void* argument) {
    (void)argument;
    say("written");
    if (!forgets && holds()->release(self, number) != MORTISE_OK) {
        say("the release was refused");
    }
    if (!forgets && holds()->release(self, number) != MORTISE_E_STATE) {
        say("the second release was not refused");
    }
}

static void* work(void* argument) {
    char octet;
    (void)argument;
    if (read(ends[0], &octet, 1) != 1) {
        say("nothing could be read");
    }
    plain_post(home, let_go, NULL);
    return NULL;
}

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    forgets = plain_config("forgets", &value) == MORTISE_OK;
    return pipe(ends) == 0 ? MORTISE_OK : MORTISE_E_FAILED;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    char reason[] = "the index is being written";
    (void)user;
    home = request->loop;
    if (holds()->hold(self, plain_view(""), &number) != MORTISE_E_INVALID) {
        say("a hold without a reason was not refused");
    }
    if (holds()->hold(self, plain_view(reason), &number) != MORTISE_OK) {
        return MORTISE_E_FAILED;
    }
    memset(reason, 'x', sizeof reason - 1);
    runs = pthread_create(&thread, NULL, work, NULL) == 0;
    if (forgets) {
        pthread_detach(thread); /* destroy() will not be called */
    }
    return plain_reply(exchange, "held");
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/hold", 0, handle);
}

static void quiesce(void* state) {
    (void)state;
    if (write(ends[1], "", 1) != 1) {
        say("nothing could be written");
    }
}

static void loop_stop(void* state, mortise_loop* loop, void* loop_state) {
    uint64_t late;
    (void)state;
    (void)loop;
    (void)loop_state;
    say(holds()->hold(self, plain_view("late"), &late) == MORTISE_E_CLOSED ? "loop_stop"
                                                                           : "held in loop_stop");
}

static void destroy(void* state) {
    (void)state;
    if (runs) {
        pthread_join(thread, NULL);
    }
    close(ends[0]);
    close(ends[1]);
}

MORTISE_NOTE("holds", "1.0.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof(struct mortise_plugin),
    .abi_version = MORTISE_ABI_VERSION,
    .id = "holds",
    .version = "1.0.0",
    .create = create,
    .configure = configure,
    .quiesce = quiesce,
    .loop_stop = loop_stop,
    .destroy = destroy,
};
