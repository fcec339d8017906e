/* SPDX-License-Identifier: BSL-1.0
 * No fault where the path asks for none: answers with ranges of the file that "path" names.
 * /{way}/{offset}/{length}: way is given, lent, or how the descriptor is bad.
 */
#define _POSIX_C_SOURCE 200809L

#include "plain.h"

#include <mortise/abi/ext/file.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char path[1024];

static void close_lent(void* argument) {
    close((int)(intptr_t)argument);
    plain_log(MORTISE_LOG_INFO, plain_view("released"));
}

static uint64_t number_of(mortise_view digits) {
    char text[32] = {0};
    memcpy(text, digits.data, digits.size < sizeof text ? digits.size : sizeof text - 1);
    return strtoull(text, NULL, 10);
}

static int is_way(mortise_view way, const char* name) {
    return way.size == strlen(name) && memcmp(way.data, name, way.size) == 0;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    const mortise_file* const file = (const mortise_file*)plain_extension(MORTISE_FILE_EXTENSION);
    const mortise_view way = request->parameters[0].value;
    mortise_reply head = plain_answer("");
    mortise_file_range range = {sizeof range, -1, number_of(request->parameters[1].value),
                                number_of(request->parameters[2].value)};
    (void)user;
    if (is_way(way, "given")) {
        range.descriptor = open(path, O_RDONLY | O_CLOEXEC);
    } else if (is_way(way, "lent")) {
        range.descriptor = open(path, O_RDONLY | O_CLOEXEC);
        head.release = close_lent;
        head.release_argument = (void*)(intptr_t)range.descriptor;
    } else if (is_way(way, "unreadable")) {
        range.descriptor = open(path, O_WRONLY | O_CLOEXEC);
    } else if (is_way(way, "directory")) {
        range.descriptor = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    file->reply(exchange, &head, &range);
    return MORTISE_REPLIED;
}

static int32_t configure(void* state) {
    mortise_view value;
    (void)state;
    if (plain_config("path", &value) == MORTISE_OK && value.size < sizeof path) {
        memcpy(path, value.data, value.size);
    }
    return plain_route("GET", "/{way}/{offset}/{length}", 0, handle);
}

PLAIN_PLUGIN("sends-file", plain_create, configure);
