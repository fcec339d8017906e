/* SPDX-License-Identifier: BSL-1.0
 * A gauge that is shown by the name of a line of the histogram of metrics.c.
 */
#include "plain.h"

#include <mortise/abi/ext/metrics.h>

static int32_t configure(void* state) {
    mortise_metric_description description;
    mortise_metric* made;
    (void)state;
    memset(&description, 0, sizeof description);
    description.size = sizeof description;
    description.kind = MORTISE_METRIC_GAUGE;
    description.name = plain_view("metrics_sizes_count");
    return ((const mortise_metrics*)plain_extension(MORTISE_METRICS_EXTENSION))
        ->add(self, &description, &made);
}

PLAIN_PLUGIN("of", plain_create, configure);
