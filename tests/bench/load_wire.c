// SPDX-License-Identifier: BSL-1.0
// What the load generator sends, and how it judges what comes back.
#define _GNU_SOURCE
#include "load.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char browser_fields[] =
    "Connection: keep-alive\r\n"
    "Cache-Control: max-age=0\r\n"
    "sec-ch-ua: \"Chromium\";v=\"126\", \"Not/A)Brand\";v=\"8\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "sec-ch-ua-platform: \"Linux\"\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    "\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Referer: http://localhost/\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9,de;q=0.7\r\n"
    "Cookie: theme=dark; consent=1; visit=7f3a9c2e51d84b06\r\n";

static const char* fields_of(enum load_mode mode) {
    switch (mode) {
    case load_browser:
        return browser_fields;
    case load_close:
        return "Connection: close\r\n";
    default:
        return "";
    }
}

struct load_batch load_make_batch(const struct load_plan* plan) {
    char* request;
    const int size = asprintf(&request, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", plan->path,
                              plan->authority, fields_of(plan->mode));
    if (size < 0)
        errx(EXIT_FAILURE, "no memory for a request");
    struct load_batch batch = {malloc(plan->pipeline * (size_t)size),
                               plan->pipeline * (size_t)size};
    if (batch.bytes == NULL)
        errx(EXIT_FAILURE, "no memory for %zu requests", plan->pipeline);
    for (size_t i = 0; i < plan->pipeline; ++i)
        memcpy(batch.bytes + i * (size_t)size, request, (size_t)size);
    free(request);
    return batch;
}

static const char status_line[] = "HTTP/1.1 200";
enum { status_line_size = sizeof status_line - 1 };

// The value of Content-Length in a head, -1 without one.
static long content_length(const char* head, size_t size) {
    static const char name[] = "\r\ncontent-length:";
    for (const char* line = head; (line = memchr(line, '\r', (size_t)(head + size - line)));
         ++line) {
        if ((size_t)(head + size - line) > sizeof name &&
            strncasecmp(line, name, sizeof name - 1) == 0)
            return strtol(line + sizeof name - 1, NULL, 10);
    }
    return -1;
}

static ptrdiff_t judge_by_parsing(const struct load_plan* plan, const char* bytes, size_t have) {
    const char* const end = memmem(bytes, have, "\r\n\r\n", 4);
    if (end == NULL)
        return 0;
    const size_t head = (size_t)(end - bytes) + 4;
    const size_t content = strlen(plan->content);
    if (memcmp(bytes, status_line, status_line_size) != 0 ||
        content_length(bytes, head) != (long)content)
        return -1;
    if (have < head + content)
        return 0;
    return memcmp(bytes + head, plan->content, content) == 0 ? (ptrdiff_t)(head + content) : -1;
}

ptrdiff_t load_judge(const struct load_plan* plan, const char* bytes, size_t have,
                     size_t expected) {
    const size_t content = strlen(plan->content);
    if (expected > 0 && have >= expected && memcmp(bytes, status_line, status_line_size) == 0 &&
        memcmp(bytes + expected - content, plan->content, content) == 0)
        return (ptrdiff_t)expected;
    return judge_by_parsing(plan, bytes, have);
}
