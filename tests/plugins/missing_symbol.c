/* SPDX-License-Identifier: BSL-1.0
 * Has the note, but exports nothing.
 */
#include "plain.h"

MORTISE_NOTE("missing-symbol", "1.0.0");
