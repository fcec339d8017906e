// SPDX-License-Identifier: BSL-1.0
// The load generator's parts: what is asked, how answers are judged, and how the asking is driven.
#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

enum load_mode {
    load_plain,   // a request with Host alone
    load_browser, // the sixteen fields that a browser sends
    load_close,   // a new connection for each request, which asks to be closed
    load_idle,    // one request on each connection, then hold them all until standard input ends
};

// What the command line asked for. `requests` 0: bounded by `seconds` alone.
struct load_plan {
    struct sockaddr_in target;
    const char* authority; // as written, for Host
    const char* path;
    const char* content; // that each answer must carry
    enum load_mode mode;
    size_t connections;
    size_t pipeline; // requests sent at once on a connection
    size_t unread;   // batches of answers that may wait in the kernel to be received together
    uint64_t requests;
    double seconds;
};

// What came of it. An error is a request without its right answer, or a connection that failed.
struct load_totals {
    uint64_t requests;
    uint64_t errors;
    double seconds;
};

// `pipeline` requests as sent in one go. The caller frees the bytes.
struct load_batch {
    char* bytes;
    size_t size;
};
struct load_batch load_make_batch(const struct load_plan* plan);

// The first answer in [bytes, bytes + have): its size, 0 while it is incomplete, or -1 when it is
// not a 200 that carries the content. `expected` is the size of the answer before, or 0: answers of
// one server are mostly of one size, and are then judged without being parsed. Its last twelve
// bytes are still compared, and so are the first twelve of each answer.
ptrdiff_t load_judge(const struct load_plan* plan, const char* bytes, size_t have, size_t expected);

// Seconds on a clock that only goes forward.
double load_now(void);

// A connected socket with TCP_NODELAY, or -1.
int load_connect(const struct load_plan* plan);

// Keeps `connections` busy until the plan's bound, then waits up to a second for what is missing.
struct load_totals load_drive(const struct load_plan* plan);

// One request on each connection in turn, prints the totals, holds until standard input ends.
struct load_totals load_hold(const struct load_plan* plan);

void load_print(const struct load_totals* totals);
