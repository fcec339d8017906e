/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.state/1": what one generation of a plugin hands over to the next, when it is
 * replaced while the host runs.
 */
#ifndef MORTISE_ABI_EXT_STATE_H
#define MORTISE_ABI_EXT_STATE_H

#include "../types.h"

#define MORTISE_STATE_EXTENSION "mortise.state/1"

/* Where save writes to, the host's; valid until save returns. */
typedef struct mortise_state_writer mortise_state_writer;

/* Two generations need not be of one version: the format says what the bytes are. */
typedef struct mortise_state_offer {
    uint32_t size;
    uint32_t format; /* the plugin's own number of what its save writes */

    /* [control] Writes what the next generation is to have, by write(). This one may still serve on
     * its loops meanwhile, and goes on to be taken down. MORTISE_OK; MORTISE_DECLINED: there is
     * nothing to hand over; a negative code: it failed. In both the next one begins without. */
    int32_t (*save)(void* user, mortise_state_writer* to);

    /* [control] Between configure and start, at most once. `bytes` is valid until it returns.
     * MORTISE_OK; MORTISE_DECLINED: nothing can be done with this format; a negative code: it is
     * broken. In both the plugin begins as it would without. */
    int32_t (*restore)(void* user, uint32_t format, mortise_view bytes);

    void* user; /* passed to both */
} mortise_state_offer;

typedef struct mortise_state {
    uint32_t size;
    uint32_t reserved;

    /* Says that the plugin hands its state over, and takes that of an earlier one. [control] during
     * configure only, and once; else MORTISE_E_STATE. Copied; a null save or restore: not that way.
     * MORTISE_E_INVALID: both are null, or the size is too small. */
    int32_t (*offer)(mortise_instance* instance, const mortise_state_offer* offer);

    /* Adds bytes to what is handed over, at most 64 MiB in all. [control] within save, else
     * MORTISE_E_STATE. MORTISE_OK, _E_INVALID, _E_MEMORY: there is no room for them, and nothing is
     * handed over, whatever save returns. */
    int32_t (*write)(mortise_state_writer* to, mortise_view bytes);
} mortise_state;

#endif
