// SPDX-License-Identifier: BSL-1.0
// The greeting as a module of Kore.
// http.h does not stand alone.
// clang-format off
#include <kore/kore.h>
#include <kore/http.h>
// clang-format on

int greet(struct http_request* request);

int greet(struct http_request* request) {
    char greeting[256];
    const int size = snprintf(greeting, sizeof greeting, "Hello, %s!\n", request->path + 1);
    http_response_header(request, "content-type", "text/plain; charset=utf-8");
    http_response(request, 200, greeting, (size_t)size);
    return KORE_RESULT_OK;
}
