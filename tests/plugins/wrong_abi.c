/* SPDX-License-Identifier: BSL-1.0
 * Speaks the border ABI_VERSION, which is not the host's.
 */
#include "plain.h"

MORTISE_NOTE_PLACE static const mortise_note note = {
    8, 132, MORTISE_NOTE_TYPE, MORTISE_NOTE_NAME, ABI_VERSION, "wrong-abi", "1.0.0"};

/* A static constructor of a plugin that cannot be loaded must never run. */
__attribute__((constructor)) static void run(void) {
    __builtin_trap();
}
