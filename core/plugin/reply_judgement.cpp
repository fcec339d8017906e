// SPDX-License-Identifier: BSL-1.0
// No size, no pointer and no count of a plugin is believed.
#include "plugin/reply_judgement.hpp"

#include "plugin/view.hpp"

#include <span>

namespace mortise::plugin {
namespace {

constexpr std::uint32_t max_fields = 1024;

bool is_whole(const mortise_reply* reply) noexcept {
    return reply != nullptr && reply->size >= sizeof *reply;
}

} // namespace

std::string_view broken_rule(const mortise_reply* reply) noexcept {
    if (!is_whole(reply)) {
        return "the reply is null, or its size is smaller than mortise_reply";
    }
    if (reply->status < 200 || reply->status > 599) {
        return "the status is not between 200 and 599";
    }
    if (reply->field_count > max_fields || (reply->field_count != 0 && reply->fields == nullptr)) {
        return "the fields are null, or more than 1024";
    }
    for (const mortise_field& field : std::span{reply->fields, reply->field_count}) {
        if (!is_sound(field.name) || !is_sound(field.value)) {
            return "a field's name or value is null with a size";
        }
    }
    return is_sound(reply->content) ? std::string_view{} : "the content is null with a size";
}

http::response to_response(const mortise_reply& reply, base::arena& memory) {
    const auto fields = memory.array<http::field>(reply.field_count);
    for (std::uint32_t i = 0; i < reply.field_count; ++i) {
        fields[i] = {from_abi(reply.fields[i].name), from_abi(reply.fields[i].value)};
    }
    // That it throws nothing is a rule of the border, which C has no word for.
    return {reply.status, fields, from_abi(reply.content),
            reinterpret_cast<void (*)(void*) noexcept>(reply.release), reply.release_argument};
}

void give_back_content(const mortise_reply* reply) noexcept {
    if (is_whole(reply) && reply->release != nullptr) {
        reply->release(reply->release_argument);
    }
}

} // namespace mortise::plugin
