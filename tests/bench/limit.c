// SPDX-License-Identifier: BSL-1.0
// The raw limit: an edge-triggered epoll loop that parses nothing and answers constant bytes.
//
// It does what no HTTP server on this kernel can do without: wait, receive, send. A request ends
// where an empty line ends, which is all it looks for, so that pipelined requests are counted. An
// answer has the size and the shape of the greeting's, its Date stands still.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER                                                                                     \
    "HTTP/1.1 200 OK\r\n"                                                                          \
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"                                                      \
    "Content-Type: text/plain; charset=utf-8\r\n"                                                  \
    "Content-Length: 12\r\n\r\n"                                                                   \
    "Hello, Ada!\n"

enum {
    answer_size = sizeof(ANSWER) - 1,
    answers_in_a_send = 64,
    events_in_a_wait = 256,
    bytes_in_a_receive = 64 * 1024,
    carried_size = 2,
    most_threads = 64,
};

// The last two bytes received, all that must be remembered of a connection between two receives.
struct carried {
    char bytes[carried_size];
};

static char answers[answers_in_a_send * answer_size];
static struct carried* carried_of; // by descriptor; shared, as a descriptor belongs to one thread
static int closes_after_answer;

struct loop {
    int set;
    int listener;
    char received[carried_size + bytes_in_a_receive];
};

// Line feeds that stand two bytes after another one: ends of requests. Bytes [-2, 0) are readable.
// Blocks of fewer than 256 bytes keep the count in a byte, which lets the compiler use its vectors.
static size_t count_ends(const char* bytes, size_t size) {
    size_t ends = 0;
    while (size > 0) {
        const size_t block = size < 240 ? size : 240;
        uint8_t found = 0;
        for (size_t i = 0; i < block; ++i)
            found = (uint8_t)(found + ((bytes[i] == '\n') & (*(bytes + i - 2) == '\n')));
        ends += found;
        bytes += block;
        size -= block;
    }
    return ends;
}

static int listen_on(uint16_t port) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
        bind(listener, (struct sockaddr*)&address, sizeof address) != 0 ||
        listen(listener, 4096) != 0)
        err(EXIT_FAILURE, "cannot listen on 127.0.0.1:%u", port);
    return listener;
}

static uint16_t port_of(int listener) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    if (getsockname(listener, (struct sockaddr*)&address, &size) != 0)
        err(EXIT_FAILURE, "getsockname");
    return ntohs(address.sin_port);
}

static void add_to_set(const struct loop* loop, int descriptor, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.fd = descriptor}};
    if (epoll_ctl(loop->set, EPOLL_CTL_ADD, descriptor, &event) != 0)
        err(EXIT_FAILURE, "epoll_ctl");
}

static void accept_all(const struct loop* loop) {
    for (;;) {
        const int connection = accept4(loop->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (connection < 0)
            return;
        const int on = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        memset(&carried_of[connection], 0, sizeof carried_of[connection]);
        add_to_set(loop, connection, EPOLLIN | EPOLLRDHUP | EPOLLET);
    }
}

// A short send ends the connection: what cannot be sent at once is no part of the limit.
static int send_answers(int connection, size_t count) {
    while (count > 0) {
        const size_t now = count < answers_in_a_send ? count : answers_in_a_send;
        const size_t size = now * answer_size;
        if (send(connection, answers, size, MSG_NOSIGNAL) != (ssize_t)size)
            return -1;
        count -= now;
    }
    return 0;
}

static void serve(struct loop* loop, int connection, uint32_t events) {
    char* const bytes = loop->received + carried_size;
    struct carried* const carried = &carried_of[connection];
    ssize_t size;
    do {
        size = recv(connection, bytes, bytes_in_a_receive, 0);
        if (size < 0 && errno == EAGAIN)
            break;
        if (size <= 0) {
            close(connection);
            return;
        }
        memcpy(loop->received, carried, sizeof *carried);
        const size_t ends = count_ends(bytes, (size_t)size);
        memcpy(carried, bytes + size - carried_size, sizeof *carried);
        if (send_answers(connection, ends) != 0 || (closes_after_answer && ends > 0)) {
            close(connection);
            return;
        }
    } while (size == bytes_in_a_receive);
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        close(connection);
}

static void* run(void* argument) {
    struct loop* const loop = argument;
    struct epoll_event ready[events_in_a_wait];
    for (;;) {
        const int count = epoll_wait(loop->set, ready, events_in_a_wait, -1);
        for (int i = 0; i < count; ++i) {
            if (ready[i].data.fd == loop->listener)
                accept_all(loop);
            else
                serve(loop, ready[i].data.fd, ready[i].events);
        }
    }
    return NULL;
}

static struct loop* make_loop(int listener) {
    struct loop* const loop = calloc(1, sizeof *loop);
    if (loop == NULL)
        err(EXIT_FAILURE, "calloc");
    loop->set = epoll_create1(EPOLL_CLOEXEC);
    loop->listener = listener;
    add_to_set(loop, listener, EPOLLIN | EPOLLET);
    return loop;
}

static void prepare(void) {
    struct rlimit open_files;
    if (getrlimit(RLIMIT_NOFILE, &open_files) != 0)
        err(EXIT_FAILURE, "getrlimit");
    open_files.rlim_cur = open_files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &open_files);
    carried_of = calloc(open_files.rlim_max, sizeof *carried_of);
    if (carried_of == NULL)
        err(EXIT_FAILURE, "calloc");
    for (size_t i = 0; i < answers_in_a_send; ++i)
        memcpy(answers + i * answer_size, ANSWER, answer_size);
}

int main(int count, char** arguments) {
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"close", no_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    uint16_t port = 0;
    int threads = 1;
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 'p')
            port = (uint16_t)atoi(optarg);
        else if (option == 't')
            threads = atoi(optarg);
        else if (option == 'c')
            closes_after_answer = 1;
        else
            errx(2, "usage: limit [--port PORT] [--threads COUNT] [--close]");
    }
    if (threads < 1 || threads > most_threads)
        errx(2, "--threads takes 1 to %d", most_threads);

    prepare();
    const int listener = listen_on(port);
    port = port_of(listener);
    struct loop* const first = make_loop(listener);
    for (int i = 1; i < threads; ++i) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, run, make_loop(listen_on(port))) != 0)
            errx(EXIT_FAILURE, "pthread_create");
    }
    printf("Limit listens on 127.0.0.1:%u\n", port);
    fflush(stdout);
    run(first);
}
