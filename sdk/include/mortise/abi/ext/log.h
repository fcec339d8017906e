/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.log/1": lines in the host's log.
 */
#ifndef MORTISE_ABI_EXT_LOG_H
#define MORTISE_ABI_EXT_LOG_H

#include "../types.h"

#define MORTISE_LOG_EXTENSION "mortise.log/1"

/* Levels. */
#define MORTISE_LOG_DEBUG 0
#define MORTISE_LOG_INFO 1
#define MORTISE_LOG_WARNING 2
#define MORTISE_LOG_ERROR 3

typedef struct mortise_log_line {
    uint32_t size;
    uint32_t level; /* MORTISE_LOG_… */
    mortise_view text;
    uint32_t field_count; /* at most 16 */
    uint32_t reserved;    /* 0 */
    const mortise_field* fields;
    /* The request that it is about, whose number is added, and on its loop its id too, as long as
     * the plugin holds it; 0: none. */
    mortise_exchange exchange;
} mortise_log_line;

typedef struct mortise_log {
    uint32_t size;
    uint32_t reserved;

    /* Writes a line with the plugin's id. [any] Everything is copied, and cut at 4096 bytes. */
    void (*write)(mortise_instance* instance, const mortise_log_line* line);

    /* Whether lines of this level are written at all. [any] */
    int32_t (*is_on)(mortise_instance* instance, uint32_t level);
} mortise_log;

#endif
