// SPDX-License-Identifier: BSL-1.0
// A light HTTP load generator: one thread, few instructions a request, every answer checked.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char usage[] =
    "usage: load --to ADDRESS:PORT [--path /Ada] [--content TEXT] [--mode MODE]\n"
    "            [--connections 64] [--pipeline 1] [--unread 1]\n"
    "            [--requests 0] [--seconds 5]\n"
    "  --mode plain    requests with Host alone\n"
    "         browser  with the sixteen fields that a browser sends\n"
    "         close    a new connection for each request\n"
    "         idle     one request on each connection, then hold them until standard input ends\n"
    "  --unread N believes readiness N times before it receives: lighter, every answer still "
    "judged\n"
    "  It stops after --requests (0: unbounded) or --seconds, whichever comes first, and prints\n"
    "  {\"requests\": N, \"errors\": N, \"seconds\": S}; it fails if there was an error.\n";

static struct sockaddr_in parse_target(const char* text) {
    struct sockaddr_in target = {.sin_family = AF_INET};
    char address[INET_ADDRSTRLEN] = "";
    const char* const colon = strchr(text, ':');
    if (colon != NULL && (size_t)(colon - text) < sizeof address) {
        memcpy(address, text, (size_t)(colon - text));
        target.sin_port = htons((uint16_t)atoi(colon + 1));
    }
    if (target.sin_port == 0 || inet_pton(AF_INET, address, &target.sin_addr) != 1)
        errx(2, "--to takes an IPv4 address and a port, not '%s'", text);
    return target;
}

static enum load_mode parse_mode(const char* text) {
    static const char* const names[] = {"plain", "browser", "close", "idle"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        if (strcmp(text, names[i]) == 0)
            return (enum load_mode)i;
    }
    errx(2, "there is no mode '%s'", text);
}

static void set_option(struct load_plan* plan, int option, const char* value) {
    switch (option) {
    case 't':
        plan->target = parse_target(value);
        plan->authority = value;
        break;
    case 'p':
        plan->path = value;
        break;
    case 'e':
        plan->content = value;
        break;
    case 'm':
        plan->mode = parse_mode(value);
        break;
    case 'c':
        plan->connections = strtoul(value, NULL, 10);
        break;
    case 'n':
        plan->pipeline = strtoul(value, NULL, 10);
        break;
    case 'u':
        plan->unread = strtoul(value, NULL, 10);
        break;
    case 'r':
        plan->requests = strtoull(value, NULL, 10);
        break;
    case 's':
        plan->seconds = strtod(value, NULL);
        break;
    default:
        fputs(usage, stderr);
        exit(2);
    }
}

static struct load_plan parse(int count, char** arguments) {
    static const struct option options[] = {
        {"to", required_argument, NULL, 't'},          {"path", required_argument, NULL, 'p'},
        {"content", required_argument, NULL, 'e'},     {"mode", required_argument, NULL, 'm'},
        {"connections", required_argument, NULL, 'c'}, {"pipeline", required_argument, NULL, 'n'},
        {"unread", required_argument, NULL, 'u'},      {"requests", required_argument, NULL, 'r'},
        {"seconds", required_argument, NULL, 's'},     {NULL, 0, NULL, 0}};
    struct load_plan plan = {.path = "/Ada",
                             .content = "Hello, Ada!\n",
                             .mode = load_plain,
                             .connections = 64,
                             .pipeline = 1,
                             .unread = 1,
                             .seconds = 5};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;)
        set_option(&plan, option, optarg);
    if (plan.authority == NULL || plan.connections == 0 || plan.pipeline == 0 || optind != count) {
        fputs(usage, stderr);
        exit(2);
    }
    return plan;
}

static void raise_open_files(void) {
    struct rlimit open_files;
    if (getrlimit(RLIMIT_NOFILE, &open_files) == 0) {
        open_files.rlim_cur = open_files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &open_files);
    }
}

void load_print(const struct load_totals* totals) {
    printf("{\"requests\": %" PRIu64 ", \"errors\": %" PRIu64 ", \"seconds\": %.6f}\n",
           totals->requests, totals->errors, totals->seconds);
    fflush(stdout);
}

int main(int count, char** arguments) {
    const struct load_plan plan = parse(count, arguments);
    raise_open_files();
    struct load_totals totals;
    if (plan.mode == load_idle) {
        totals = load_hold(&plan);
    } else {
        totals = load_drive(&plan);
        load_print(&totals);
    }
    return totals.errors == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
