/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.metrics/1": counters, gauges and histograms, which the host shows to whoever
 * watches it.
 */
#ifndef MORTISE_ABI_EXT_METRICS_H
#define MORTISE_ABI_EXT_METRICS_H

#include "../types.h"

#define MORTISE_METRICS_EXTENSION "mortise.metrics/1"

#define MORTISE_METRIC_COUNTER UINT32_C(0)   /* only grows */
#define MORTISE_METRIC_GAUGE UINT32_C(1)     /* goes up and down */
#define MORTISE_METRIC_HISTOGRAM UINT32_C(2) /* counts values by their size */

/* One series, the host's; valid until destroy returns. */
typedef struct mortise_metric mortise_metric;

/* A metric with its labels. Series of one name have the same kind, help, bounds and names of
 * labels. All is copied. */
typedef struct mortise_metric_description {
    uint32_t size;
    uint32_t kind;               /* MORTISE_METRIC_… */
    mortise_view name;           /* [a-z][a-z0-9_]*; a counter's ends in _total. The host puts the
                                    plugin's id and "_" before it, with "_" for each "-" */
    mortise_view help;           /* one line for people */
    const mortise_field* labels; /* names as above, but none is "le"; any value */
    const double* bounds;        /* of a histogram: upper bounds, finite and increasing */
    uint32_t label_count;        /* at most 8 */
    uint32_t bound_count;        /* 1 to 32 of a histogram, else 0; one without a bound is added */
} mortise_metric_description;

typedef struct mortise_metrics {
    uint32_t size;
    uint32_t reserved;

    /* Makes a series. [control] during configure only, else MORTISE_E_STATE: what can be seen does
     * not grow while the plugin serves. At most 1024 of a plugin. MORTISE_E_INVALID: a rule is
     * broken, which the host reports; a plugin whose configure then fails need not explain it.
     * Where a line of it would have the name of one of another metric, of whatever plugin, the
     * later plugin is not taken into service. */
    int32_t (*add)(mortise_instance* instance, const mortise_metric_description* description,
                   mortise_metric** metric);

    /* These never wait and allocate nothing. [any] MORTISE_OK; _E_INVALID: the metric is null or of
     * another kind, or the value is none. */
    int32_t (*increase)(mortise_metric* counter, uint64_t by);
    int32_t (*set)(mortise_metric* gauge, double value);
    int32_t (*adjust)(mortise_metric* gauge, double by);
    int32_t (*observe)(mortise_metric* histogram, double value); /* NaN is none */
} mortise_metrics;

#endif
