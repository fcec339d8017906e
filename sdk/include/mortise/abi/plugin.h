/* SPDX-License-Identifier: BSL-1.0
 * The one object that a plugin exports, and the note that repeats its identity.
 */
#ifndef MORTISE_ABI_PLUGIN_H
#define MORTISE_ABI_PLUGIN_H

#include "host.h"

/* Life of an instance:
 *
 *   create ─► configure ─► start ─► loop_start (each loop) ─► serving
 *                                                               │
 *   destroy ◄─ loop_stop (each loop) ◄─ quiesce ◄───────────────┘
 *
 * create, configure, start and loop_start may fail: they call host->explain() and return a negative
 * code; then nothing later is called but what undoes the earlier ones. Where a function is null,
 * its step is empty; create and configure are required.
 *
 * No typedef: the exported object has this name,
 *   MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {…};
 * in C++ behind extern "C", without which a const object is not exported.
 */
struct mortise_plugin {
    uint32_t size;
    uint32_t abi_version; /* MORTISE_ABI_VERSION */
    const char* id;       /* "greeting": [a-z][a-z0-9-]*, at most 63 characters */
    const char* version;  /* "1.0.0" */

    /* [control] Makes an instance: *state is passed to all that follows. `host` is valid until
     * destroy returns. */
    int32_t (*create)(const mortise_host* host, mortise_instance* instance, void** state);
    /* [control] Registers routes. */
    int32_t (*configure)(void* state);
    /* [control] Last step that may fail before loops are entered. */
    int32_t (*start)(void* state);
    /* [loop] Makes this loop's state: *loop_state is given back in each of its requests. */
    int32_t (*loop_start)(void* state, mortise_loop* loop, void** loop_state);
    /* [control] No new request will come; let the pending ones end soon. */
    void (*quiesce)(void* state);
    /* [loop] The last call on this loop. */
    void (*loop_stop)(void* state, mortise_loop* loop, void* loop_state);
    /* [control] The last call of all. */
    void (*destroy)(void* state);
};

/* The exported object's name. */
#define MORTISE_PLUGIN_SYMBOL "mortise_plugin"

/* The ELF note, in section .note.mortise, read before the library is loaded. Its descriptor:
 * the abi version, then id and version, each ended by NUL, padded with NUL. Note and exported
 * object must agree. */
#define MORTISE_NOTE_NAME "Mortise"
#define MORTISE_NOTE_TYPE UINT32_C(1)

typedef struct mortise_note {
    uint32_t name_size;       /* 8: "Mortise" and its NUL */
    uint32_t descriptor_size; /* 132 */
    uint32_t type;            /* MORTISE_NOTE_TYPE */
    char name[8];
    uint32_t abi_version;
    char id[64];
    char version[64];
} mortise_note;

#if defined(__clang__) /* whose address sanitizer would put room around the note */
#define MORTISE_NOTE_PLACE                                                                         \
    __attribute__((used, section(".note.mortise"), aligned(4), no_sanitize("address")))
#elif defined(__GNUC__)
#define MORTISE_NOTE_PLACE __attribute__((used, section(".note.mortise"), aligned(4)))
#endif
#if defined(__GNUC__)
#define MORTISE_EXPORT __attribute__((used, visibility("default")))
#endif

/* The note of a plugin; stands once, beside the exported object. Both literals have at most 63
 * characters: in C a 64th would silently take the place of the NUL. */
#define MORTISE_NOTE(id_literal, version_literal)                                                  \
    MORTISE_NOTE_PLACE static const mortise_note mortise_identity_note = {8,                       \
                                                                          132,                     \
                                                                          MORTISE_NOTE_TYPE,       \
                                                                          MORTISE_NOTE_NAME,       \
                                                                          MORTISE_ABI_VERSION,     \
                                                                          id_literal,              \
                                                                          version_literal}

#endif
