/* SPDX-License-Identifier: BSL-1.0
 * A number that goes from one generation to the next; the configuration says what goes wrong.
 */
#include "plain.h"

#include <mortise/abi/ext/state.h>

static const mortise_state* states;
static mortise_state_writer* kept;
static uint64_t number = 7;
static char fault;

static int32_t save(void* user, mortise_state_writer* to) {
    const mortise_view bytes = {(const char*)&number, sizeof number};
    const mortise_view unsound = {NULL, 1};
    uint32_t count = fault == 'l' ? 9u << 20 : 1;
    (void)user;
    kept = to;
    if (fault == 'd') {
        return MORTISE_DECLINED;
    }
    if (fault == 'f') {
        return MORTISE_E_FAILED;
    }
    if (states->write(to, unsound) != MORTISE_E_INVALID) {
        plain_log(MORTISE_LOG_ERROR, plain_view("what is unsound was written"));
    }
    while (count-- != 0) {
        states->write(to, bytes);
    }
    return MORTISE_OK;
}

static int32_t restore(void* user, uint32_t format, mortise_view bytes) {
    (void)user;
    if (states->write(kept, bytes) != MORTISE_E_STATE) {
        plain_log(MORTISE_LOG_ERROR, plain_view("a writer was written to behind save"));
    }
    if (format != 3 || bytes.size != sizeof number) {
        return MORTISE_DECLINED;
    }
    if (fault == 'b') {
        return MORTISE_E_FAILED;
    }
    memcpy(&number, bytes.data, sizeof number);
    plain_log(MORTISE_LOG_INFO, plain_view(number == 8 ? "restored 8" : "restored another"));
    ++number;
    return MORTISE_OK;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    ++number;
    return plain_reply(exchange, "counted");
}

static int32_t configure(void* state) {
    mortise_state_offer offer;
    (void)state;
    memset(&offer, 0, sizeof offer);
    offer.size = sizeof offer;
    offer.format = fault == 'v' ? 4 : 3;
    offer.save = fault == 'n' ? NULL : save;
    offer.restore = restore;
    states = (const mortise_state*)plain_extension(MORTISE_STATE_EXTENSION);
    if (states->offer(self, &offer) != MORTISE_OK ||
        (fault == '2' && states->offer(self, &offer) != MORTISE_E_STATE)) {
        return MORTISE_E_FAILED;
    }
    return plain_route("GET", "/count", 0, handle);
}

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    fault = plain_config("fault", &value) == MORTISE_OK ? value.data[0] : 0;
    return MORTISE_OK;
}

PLAIN_PLUGIN("state", create, configure);
