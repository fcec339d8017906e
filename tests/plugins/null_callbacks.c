/* SPDX-License-Identifier: BSL-1.0
 * Has neither create nor configure.
 */
#include "plain.h"

PLAIN_PLUGIN("null-callbacks", NULL, NULL);
