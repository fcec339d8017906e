// SPDX-License-Identifier: BSL-1.0
// Opens connections, asks once on each, and holds them idle until standard input ends.
#define _GNU_SOURCE
#include "load.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// One request and its answer, waited for. False without the right answer.
static int ask_once(const struct load_plan* plan, int descriptor, const struct load_batch* batch) {
    char room[16 * 1024];
    size_t have = 0;
    if (send(descriptor, batch->bytes, batch->size, MSG_NOSIGNAL) != (ssize_t)batch->size)
        return 0;
    for (;;) {
        const ptrdiff_t size = load_judge(plan, room, have, 0);
        if (size != 0)
            return size == (ptrdiff_t)have;
        const ssize_t more = recv(descriptor, room + have, sizeof room - have, 0);
        if (more <= 0)
            return 0;
        have += (size_t)more;
    }
}

static int hold_one(const struct load_plan* plan, const struct load_batch* batch) {
    const struct timeval patience = {.tv_sec = 5};
    const int descriptor = load_connect(plan);
    return descriptor >= 0 &&
           setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
           ask_once(plan, descriptor, batch);
}

struct load_totals load_hold(const struct load_plan* plan) {
    struct load_batch batch = load_make_batch(plan);
    struct load_totals totals = {0};
    const double start = load_now();
    for (size_t i = 0; i < plan->connections; ++i) {
        if (hold_one(plan, &batch))
            ++totals.requests;
        else if (totals.errors++ == 0)
            warn("connection %zu", i);
    }
    totals.seconds = load_now() - start;
    free(batch.bytes);
    load_print(&totals);
    for (char rest[256]; read(STDIN_FILENO, rest, sizeof rest) > 0;)
        continue;
    return totals;
}
