/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.file/1": a reply whose content is a range of a file, which the kernel sends.
 */
#ifndef MORTISE_ABI_EXT_FILE_H
#define MORTISE_ABI_EXT_FILE_H

#include "../request.h"

#define MORTISE_FILE_EXTENSION "mortise.file/1"

typedef struct mortise_file_range {
    uint32_t size;
    int32_t descriptor; /* of a regular file that is open for reading */
    uint64_t offset;    /* of the first byte; the descriptor's own position is neither used nor
                           moved */
    uint64_t length;    /* bytes, which the file has; may be 0 */
} mortise_file_range;

/* Who owns the descriptor: by the call it becomes the host's, which closes it when it is sent.
 * Where `release` of the reply is set it is only lent, until release(release_argument) is called,
 * exactly once, on the request's loop. Both hold also when the client has left and when the call
 * is refused; nothing is closed or released only where one of the two structs is null or too
 * small. */
typedef struct mortise_file {
    uint32_t size;
    uint32_t reserved;

    /* Answers an exchange in the place of mortise_host.reply(), with its codes and rules: status
     * and fields are those of `head`, whose content is empty. [loop] _E_INVALID also where the
     * descriptor is none of a readable regular file, or the range goes beyond its end. The file is
     * read while it is sent, on the loop, which waits for the disk: a file that becomes shorter
     * meanwhile ends the connection, and one that is written to is sent as it is then. */
    int32_t (*reply)(mortise_exchange exchange, const mortise_reply* head,
                     const mortise_file_range* range);
} mortise_file;

#endif
