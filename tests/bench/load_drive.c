// SPDX-License-Identifier: BSL-1.0
// Keeps connections busy: a batch of requests goes out as soon as the answers to the last are in.
#define _GNU_SOURCE
#include "load.h"

#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { room_size = 16 * 1024, events_in_a_wait = 256 };

struct connection {
    int descriptor;
    size_t awaited; // answers
    size_t signals; // arrivals noticed since the last receive
    size_t have;    // bytes of answers not judged yet
    char room[room_size];
};

struct drive {
    const struct load_plan* plan;
    struct load_batch batch;
    struct connection* connections;
    int set;
    size_t answer_size;
    size_t busy; // connections that await an answer, or their end
    uint64_t sent;
    int is_over; // the bound is reached: nothing more is sent
    struct load_totals totals;
};

double load_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int load_connect(const struct load_plan* plan) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (descriptor >= 0 &&
        (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
         connect(descriptor, (const struct sockaddr*)&plan->target, sizeof plan->target) != 0)) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

static void fail(struct drive* drive, struct connection* connection, const char* reason) {
    if (drive->totals.errors == 0)
        warnx("first error: %s", reason);
    drive->totals.errors += connection->awaited > 0 ? connection->awaited : 1;
}

// Sends a batch, unless the bound is reached. The kernel's buffer takes a whole batch or fails.
static void ask(struct drive* drive, struct connection* connection) {
    const struct load_plan* const plan = drive->plan;
    if (plan->requests > 0 && drive->sent + plan->pipeline > plan->requests)
        drive->is_over = 1;
    if (drive->is_over)
        return;
    if (connection->awaited == 0)
        ++drive->busy;
    connection->awaited += plan->pipeline;
    drive->sent += plan->pipeline;
    if (send(connection->descriptor, drive->batch.bytes, drive->batch.size,
             MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)drive->batch.size)
        shutdown(connection->descriptor, SHUT_RDWR);
}

static void open_connection(struct drive* drive, struct connection* connection) {
    connection->have = 0;
    connection->awaited = 0;
    connection->signals = 0;
    connection->descriptor = load_connect(drive->plan);
    if (connection->descriptor < 0) {
        fail(drive, connection, strerror(errno));
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                                .data = {.ptr = connection}};
    if (epoll_ctl(drive->set, EPOLL_CTL_ADD, connection->descriptor, &event) != 0)
        err(EXIT_FAILURE, "epoll_ctl");
    ask(drive, connection);
}

// The connection has ended, or is ended for a wrong answer. Another takes its place.
static void replace(struct drive* drive, struct connection* connection) {
    if (connection->awaited > 0)
        fail(drive, connection, "a connection ended before the right answer");
    if (connection->awaited > 0 || drive->plan->mode == load_close)
        --drive->busy;
    close(connection->descriptor);
    connection->descriptor = -1;
    if (!drive->is_over)
        open_connection(drive, connection);
}

// Judges all whole answers and keeps the rest. False for a wrong one.
static int judge_all(struct drive* drive, struct connection* connection) {
    size_t at = 0;
    while (at < connection->have) {
        const ptrdiff_t size = load_judge(drive->plan, connection->room + at, connection->have - at,
                                          drive->answer_size);
        if (size < 0 || (size > 0 && connection->awaited == 0))
            return 0;
        if (size == 0)
            break;
        drive->answer_size = (size_t)size;
        --connection->awaited;
        ++drive->totals.requests;
        at += (size_t)size;
    }
    connection->have -= at;
    memmove(connection->room, connection->room + at, connection->have);
    return 1;
}

static void receive(struct drive* drive, struct connection* connection, uint32_t events) {
    ssize_t size;
    size_t room;
    do {
        room = sizeof connection->room - connection->have;
        size =
            recv(connection->descriptor, connection->room + connection->have, room, MSG_DONTWAIT);
        if (size < 0 && errno == EAGAIN)
            break;
        if (size <= 0) {
            replace(drive, connection);
            return;
        }
        connection->have += (size_t)size;
        const size_t awaited = connection->awaited;
        if (!judge_all(drive, connection)) {
            replace(drive, connection);
            return;
        }
        if (connection->awaited == 0 && awaited > 0 && drive->plan->mode != load_close) {
            --drive->busy;
            ask(drive, connection);
        }
    } while ((size_t)size == room);
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        replace(drive, connection);
}

// Readiness itself says that an answer has come; with `unread` it is believed a few times before
// all of them are received and judged, which spares the generator most of its receives.
static void hear(struct drive* drive, struct connection* connection, uint32_t events) {
    if (++connection->signals < drive->plan->unread && events == EPOLLIN && !drive->is_over) {
        ask(drive, connection);
        return;
    }
    connection->signals = 0;
    receive(drive, connection, events);
}

// What was believed is received and judged in the end.
static void receive_unread(struct drive* drive) {
    for (size_t i = 0; i < drive->plan->connections; ++i) {
        if (drive->connections[i].awaited > 0)
            receive(drive, &drive->connections[i], 0);
    }
}

static void wait_and_hear(struct drive* drive) {
    struct epoll_event ready[events_in_a_wait];
    const int count = epoll_wait(drive->set, ready, events_in_a_wait, 100);
    for (int i = 0; i < count; ++i)
        hear(drive, ready[i].data.ptr, ready[i].events);
}

struct load_totals load_drive(const struct load_plan* plan) {
    struct drive drive = {.plan = plan,
                          .batch = load_make_batch(plan),
                          .connections = calloc(plan->connections, sizeof(struct connection)),
                          .set = epoll_create1(EPOLL_CLOEXEC)};
    if (drive.connections == NULL || drive.set < 0)
        err(EXIT_FAILURE, "cannot drive %zu connections", plan->connections);

    const double start = load_now();
    for (size_t i = 0; i < plan->connections; ++i)
        open_connection(&drive, &drive.connections[i]);
    double now = start;
    while (!drive.is_over && drive.totals.errors < 1000 && now - start < plan->seconds) {
        wait_and_hear(&drive);
        now = load_now();
    }
    drive.is_over = 1;
    receive_unread(&drive);
    const double stop = now;
    while (drive.busy > 0 && now - stop < 1.0) {
        wait_and_hear(&drive);
        now = load_now();
    }
    drive.totals.seconds = now - start;
    const uint64_t unanswered = drive.sent - drive.totals.requests;
    if (drive.totals.errors < unanswered)
        drive.totals.errors = unanswered;
    free(drive.connections);
    free(drive.batch.bytes);
    return drive.totals;
}
