/* SPDX-License-Identifier: BSL-1.0
 * The layout of every struct of the border on a 64-bit platform, written by generate_layout.py: a
 * line that fails means that a built plugin would read another member than the host wrote.
 */
#include <mortise/abi/ext/config.h>
#include <mortise/abi/ext/content.h>
#include <mortise/abi/ext/file.h>
#include <mortise/abi/ext/filter.h>
#include <mortise/abi/ext/hold.h>
#include <mortise/abi/ext/identity.h>
#include <mortise/abi/ext/log.h>
#include <mortise/abi/ext/loop.h>
#include <mortise/abi/ext/metrics.h>
#include <mortise/abi/ext/offload.h>
#include <mortise/abi/ext/state.h>
#include <mortise/abi/ext/timer.h>
#include <mortise/abi/host.h>
#include <mortise/abi/operation.h>
#include <mortise/abi/plugin.h>
#include <mortise/abi/request.h>
#include <mortise/abi/types.h>

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

SIZE(mortise_config, 16);
MEMBER(mortise_config, size, 0);
MEMBER(mortise_config, reserved, 4);
MEMBER(mortise_config, find, 8);

SIZE(mortise_content, 48);
MEMBER(mortise_content, size, 0);
MEMBER(mortise_content, reserved, 4);
MEMBER(mortise_content, read, 8);
MEMBER(mortise_content, begin, 16);
MEMBER(mortise_content, write, 24);
MEMBER(mortise_content, end, 32);
MEMBER(mortise_content, break_off, 40);

SIZE(mortise_file_range, 24);
MEMBER(mortise_file_range, size, 0);
MEMBER(mortise_file_range, descriptor, 4);
MEMBER(mortise_file_range, offset, 8);
MEMBER(mortise_file_range, length, 16);

SIZE(mortise_file, 16);
MEMBER(mortise_file, size, 0);
MEMBER(mortise_file, reserved, 4);
MEMBER(mortise_file, reply, 8);

SIZE(mortise_response_head, 48);
MEMBER(mortise_response_head, size, 0);
MEMBER(mortise_response_head, status, 4);
MEMBER(mortise_response_head, field_count, 8);
MEMBER(mortise_response_head, reserved, 12);
MEMBER(mortise_response_head, fields, 16);
MEMBER(mortise_response_head, content_length, 24);
MEMBER(mortise_response_head, request, 32);
MEMBER(mortise_response_head, remembered, 40);

SIZE(mortise_filter, 48);
MEMBER(mortise_filter, size, 0);
MEMBER(mortise_filter, flags, 4);
MEMBER(mortise_filter, name, 8);
MEMBER(mortise_filter, on_request, 24);
MEMBER(mortise_filter, on_response, 32);
MEMBER(mortise_filter, user, 40);

SIZE(mortise_filter_calls, 64);
MEMBER(mortise_filter_calls, size, 0);
MEMBER(mortise_filter_calls, reserved, 4);
MEMBER(mortise_filter_calls, add, 8);
MEMBER(mortise_filter_calls, go_on, 16);
MEMBER(mortise_filter_calls, remember, 24);
MEMBER(mortise_filter_calls, set_status, 32);
MEMBER(mortise_filter_calls, set_field, 40);
MEMBER(mortise_filter_calls, add_field, 48);
MEMBER(mortise_filter_calls, remove_field, 56);

SIZE(mortise_hold, 24);
MEMBER(mortise_hold, size, 0);
MEMBER(mortise_hold, reserved, 4);
MEMBER(mortise_hold, hold, 8);
MEMBER(mortise_hold, release, 16);

SIZE(mortise_identity, 88);
MEMBER(mortise_identity, size, 0);
MEMBER(mortise_identity, trace_flags, 4);
MEMBER(mortise_identity, request_id, 8);
MEMBER(mortise_identity, traceparent, 24);
MEMBER(mortise_identity, trace_id, 40);
MEMBER(mortise_identity, parent_id, 56);
MEMBER(mortise_identity, client_address, 72);

SIZE(mortise_identity_calls, 24);
MEMBER(mortise_identity_calls, size, 0);
MEMBER(mortise_identity_calls, reserved, 4);
MEMBER(mortise_identity_calls, of_exchange, 8);
MEMBER(mortise_identity_calls, of_response, 16);

SIZE(mortise_log_line, 48);
MEMBER(mortise_log_line, size, 0);
MEMBER(mortise_log_line, level, 4);
MEMBER(mortise_log_line, text, 8);
MEMBER(mortise_log_line, field_count, 24);
MEMBER(mortise_log_line, reserved, 28);
MEMBER(mortise_log_line, fields, 32);
MEMBER(mortise_log_line, exchange, 40);

SIZE(mortise_log, 24);
MEMBER(mortise_log, size, 0);
MEMBER(mortise_log, reserved, 4);
MEMBER(mortise_log, write, 8);
MEMBER(mortise_log, is_on, 16);

SIZE(mortise_loop_calls, 16);
MEMBER(mortise_loop_calls, size, 0);
MEMBER(mortise_loop_calls, reserved, 4);
MEMBER(mortise_loop_calls, post, 8);

SIZE(mortise_metric_description, 64);
MEMBER(mortise_metric_description, size, 0);
MEMBER(mortise_metric_description, kind, 4);
MEMBER(mortise_metric_description, name, 8);
MEMBER(mortise_metric_description, help, 24);
MEMBER(mortise_metric_description, labels, 40);
MEMBER(mortise_metric_description, bounds, 48);
MEMBER(mortise_metric_description, label_count, 56);
MEMBER(mortise_metric_description, bound_count, 60);

SIZE(mortise_metrics, 48);
MEMBER(mortise_metrics, size, 0);
MEMBER(mortise_metrics, reserved, 4);
MEMBER(mortise_metrics, add, 8);
MEMBER(mortise_metrics, increase, 16);
MEMBER(mortise_metrics, set, 24);
MEMBER(mortise_metrics, adjust, 32);
MEMBER(mortise_metrics, observe, 40);

SIZE(mortise_offload, 16);
MEMBER(mortise_offload, size, 0);
MEMBER(mortise_offload, reserved, 4);
MEMBER(mortise_offload, run, 8);

SIZE(mortise_state_offer, 32);
MEMBER(mortise_state_offer, size, 0);
MEMBER(mortise_state_offer, format, 4);
MEMBER(mortise_state_offer, save, 8);
MEMBER(mortise_state_offer, restore, 16);
MEMBER(mortise_state_offer, user, 24);

SIZE(mortise_state, 24);
MEMBER(mortise_state, size, 0);
MEMBER(mortise_state, reserved, 4);
MEMBER(mortise_state, offer, 8);
MEMBER(mortise_state, write, 16);

SIZE(mortise_timer, 24);
MEMBER(mortise_timer, size, 0);
MEMBER(mortise_timer, reserved, 4);
MEMBER(mortise_timer, now, 8);
MEMBER(mortise_timer, wait, 16);

SIZE(mortise_route, 80);
MEMBER(mortise_route, size, 0);
MEMBER(mortise_route, flags, 4);
MEMBER(mortise_route, method, 8);
MEMBER(mortise_route, host, 24);
MEMBER(mortise_route, pattern, 40);
MEMBER(mortise_route, handle, 56);
MEMBER(mortise_route, user, 64);
MEMBER(mortise_route, content_limit, 72);

SIZE(mortise_host, 80);
MEMBER(mortise_host, size, 0);
MEMBER(mortise_host, abi_version, 4);
MEMBER(mortise_host, version, 8);
MEMBER(mortise_host, extension, 24);
MEMBER(mortise_host, add_route, 32);
MEMBER(mortise_host, explain, 40);
MEMBER(mortise_host, reply, 48);
MEMBER(mortise_host, allocate, 56);
MEMBER(mortise_host, on_cancel, 64);
MEMBER(mortise_host, cancel, 72);

SIZE(mortise_operation, 144);
MEMBER(mortise_operation, size, 0);
MEMBER(mortise_operation, reserved, 4);
MEMBER(mortise_operation, complete, 8);
MEMBER(mortise_operation, user, 16);
MEMBER(mortise_operation, result, 24);
MEMBER(mortise_operation, host, 32);

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

SIZE(mortise_request, 168);
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
MEMBER(mortise_request, memory, 152);
MEMBER(mortise_request, memory_size, 160);

SIZE(mortise_reply, 56);
MEMBER(mortise_reply, size, 0);
MEMBER(mortise_reply, status, 4);
MEMBER(mortise_reply, field_count, 8);
MEMBER(mortise_reply, reserved, 12);
MEMBER(mortise_reply, fields, 16);
MEMBER(mortise_reply, content, 24);
MEMBER(mortise_reply, release, 40);
MEMBER(mortise_reply, release_argument, 48);

SIZE(mortise_view, 16);
MEMBER(mortise_view, data, 0);
MEMBER(mortise_view, size, 8);

SIZE(mortise_field, 32);
MEMBER(mortise_field, name, 0);
MEMBER(mortise_field, value, 16);
