/* SPDX-License-Identifier: BSL-1.0
 * The layout of every struct of the border on a 64-bit platform, kept by hand: a line that fails
 * means that a built plugin would read another member than the host wrote. A line is never changed
 * inside a major version; new members are added behind the last.
 */
#include <mortise/abi/plugin.h>

#ifdef __cplusplus
#define HOLDS(...) static_assert(__VA_ARGS__, "the border's layout has changed")
#else
#define HOLDS(...) _Static_assert(__VA_ARGS__, "the border's layout has changed")
#endif
#define SIZE(type, bytes) HOLDS(sizeof(struct type) == (bytes))
#define MEMBER(type, member, bytes) HOLDS(offsetof(struct type, member) == (bytes))

HOLDS(sizeof(void*) == 8 && sizeof(size_t) == 8);
HOLDS(sizeof(mortise_exchange) == 8);
HOLDS(sizeof(mortise_handle) == 8);

SIZE(mortise_view, 16);
MEMBER(mortise_view, data, 0);
MEMBER(mortise_view, size, 8);

SIZE(mortise_field, 32);
MEMBER(mortise_field, name, 0);
MEMBER(mortise_field, value, 16);

SIZE(mortise_request, 152);
MEMBER(mortise_request, size, 0);
MEMBER(mortise_request, field_count, 4);
MEMBER(mortise_request, parameter_count, 8);
MEMBER(mortise_request, version, 12);
MEMBER(mortise_request, method, 16);
MEMBER(mortise_request, target, 32);
MEMBER(mortise_request, path, 48);
MEMBER(mortise_request, query, 64);
MEMBER(mortise_request, authority, 80);
MEMBER(mortise_request, fields, 96);
MEMBER(mortise_request, parameters, 104);
MEMBER(mortise_request, content_length, 112);
MEMBER(mortise_request, content, 120);
MEMBER(mortise_request, loop, 136);
MEMBER(mortise_request, loop_state, 144);

SIZE(mortise_reply, 56);
MEMBER(mortise_reply, size, 0);
MEMBER(mortise_reply, status, 4);
MEMBER(mortise_reply, field_count, 8);
MEMBER(mortise_reply, reserved, 12);
MEMBER(mortise_reply, fields, 16);
MEMBER(mortise_reply, content, 24);
MEMBER(mortise_reply, release, 40);
MEMBER(mortise_reply, release_argument, 48);

SIZE(mortise_route, 80);
MEMBER(mortise_route, size, 0);
MEMBER(mortise_route, flags, 4);
MEMBER(mortise_route, method, 8);
MEMBER(mortise_route, host, 24);
MEMBER(mortise_route, pattern, 40);
MEMBER(mortise_route, handle, 56);
MEMBER(mortise_route, user, 64);
MEMBER(mortise_route, content_limit, 72);

SIZE(mortise_host, 72);
MEMBER(mortise_host, size, 0);
MEMBER(mortise_host, abi_version, 4);
MEMBER(mortise_host, version, 8);
MEMBER(mortise_host, reply, 24);
MEMBER(mortise_host, post, 32);
MEMBER(mortise_host, log, 40);
MEMBER(mortise_host, config, 48);
MEMBER(mortise_host, add_route, 56);
MEMBER(mortise_host, explain, 64);

SIZE(mortise_plugin, 80);
MEMBER(mortise_plugin, size, 0);
MEMBER(mortise_plugin, abi_version, 4);
MEMBER(mortise_plugin, id, 8);
MEMBER(mortise_plugin, version, 16);
MEMBER(mortise_plugin, create, 24);
MEMBER(mortise_plugin, configure, 32);
MEMBER(mortise_plugin, start, 40);
MEMBER(mortise_plugin, loop_start, 48);
MEMBER(mortise_plugin, quiesce, 56);
MEMBER(mortise_plugin, loop_stop, 64);
MEMBER(mortise_plugin, destroy, 72);

SIZE(mortise_note, 152);
MEMBER(mortise_note, name_size, 0);
MEMBER(mortise_note, descriptor_size, 4);
MEMBER(mortise_note, type, 8);
MEMBER(mortise_note, name, 12);
MEMBER(mortise_note, abi_version, 20);
MEMBER(mortise_note, id, 24);
MEMBER(mortise_note, version, 88);
