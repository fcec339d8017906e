/* SPDX-License-Identifier: BSL-1.0
 * A metric of each kind, which GET /count/{value} moves; "which" of the configuration spoils one.
 */
#include "plain.h"

#include <mortise/abi/ext/metrics.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

static const mortise_metrics* metrics;
static mortise_metric* requests[2];
static mortise_metric* level;
static mortise_metric* sizes;
static mortise_metric* late;
static char which;

static void* count_elsewhere(void* argument) {
    (void)argument;
    metrics->increase(requests[1], 2);
    metrics->observe(sizes, 3);
    metrics->adjust(level, 0.25);
    return NULL;
}

static int32_t add(uint32_t kind, const char* name, const mortise_field* labels,
                   const double* bounds, uint32_t bound_count, mortise_metric** made) {
    mortise_metric_description description;
    memset(&description, 0, sizeof description);
    description.size = sizeof description;
    description.kind = kind;
    description.name = plain_view(name);
    description.help = plain_view("what is\\this\nfor");
    description.labels = labels;
    description.label_count = labels == NULL ? 0 : 1;
    description.bounds = bounds;
    description.bound_count = bound_count;
    return metrics->add(self, &description, made);
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    const double value = atof(request->parameters[0].value.data);
    pthread_t thread;
    (void)user;
    metrics->increase(requests[0], 1);
    metrics->adjust(level, value);
    metrics->observe(sizes, value);
    pthread_create(&thread, NULL, count_elsewhere, NULL);
    pthread_join(thread, NULL);
    if (metrics->observe(sizes, NAN) != MORTISE_E_INVALID ||
        metrics->set(NULL, 1) != MORTISE_E_INVALID || metrics->set(sizes, 1) != MORTISE_E_INVALID ||
        add(MORTISE_METRIC_GAUGE, "late", NULL, NULL, 0, &late) != MORTISE_E_STATE) {
        plain_log(MORTISE_LOG_ERROR, plain_view("what is wrong was not refused"));
    }
    return plain_reply(exchange, "counted");
}

static int32_t add_spoilt(void) {
    static const double unordered[] = {2, 1};
    const double endless[] = {INFINITY};
    const mortise_field reserved = {plain_view("le"), plain_view("x")};
    switch (which) {
    case 'n':
        return add(MORTISE_METRIC_GAUGE, "Name", NULL, NULL, 0, &late);
    case 't':
        return add(MORTISE_METRIC_COUNTER, "count", NULL, NULL, 0, &late);
    case 'u':
        return add(MORTISE_METRIC_HISTOGRAM, "h", NULL, unordered, 2, &late);
    case 'e':
        return add(MORTISE_METRIC_HISTOGRAM, "h", NULL, endless, 1, &late);
    case 'b':
        return add(MORTISE_METRIC_GAUGE, "g", NULL, unordered, 2, &late);
    case 'l':
        return add(MORTISE_METRIC_GAUGE, "g", &reserved, NULL, 0, &late);
    case 'k':
        return add(MORTISE_METRIC_GAUGE, "requests_total", NULL, NULL, 0, &late);
    case 'd':
        return add(MORTISE_METRIC_GAUGE, "level", NULL, NULL, 0, &late);
    case 's':
        return add(MORTISE_METRIC_GAUGE, "sizes_sum", NULL, NULL, 0, &late);
    default:
        return MORTISE_OK;
    }
}

static int32_t configure(void* state) {
    static const double bounds[] = {1, 2.5};
    const mortise_field here = {plain_view("from"), plain_view("a \"loop\"\\\n")};
    const mortise_field there = {plain_view("from"), plain_view("thread")};
    (void)state;
    metrics = (const mortise_metrics*)plain_extension(MORTISE_METRICS_EXTENSION);
    add(MORTISE_METRIC_COUNTER, "requests_total", &here, NULL, 0, &requests[0]);
    add(MORTISE_METRIC_GAUGE, "level", NULL, NULL, 0, &level);
    add(MORTISE_METRIC_HISTOGRAM, "sizes", NULL, bounds, 2, &sizes);
    add(MORTISE_METRIC_COUNTER, "requests_total", &there, NULL, 0, &requests[1]);
    metrics->set(level, 10);
    return add_spoilt() == MORTISE_OK ? plain_route("GET", "/count/{value}", 0, handle)
                                      : MORTISE_E_FAILED;
}

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    which = plain_config("which", &value) == MORTISE_OK ? value.data[0] : 0;
    return MORTISE_OK;
}

#ifndef ID
#define ID "of-metrics"
#endif
PLAIN_PLUGIN(ID, create, configure);
