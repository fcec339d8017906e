// SPDX-License-Identifier: BSL-1.0
// A file as the content of a reply: what mortise_file does for one exchange.
#pragma once

#include <mortise/abi/ext/file.h>
#include <mortise/testing/detail/exchange.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline void close_file(void* descriptor) noexcept {
    ::close(static_cast<int>(reinterpret_cast<std::intptr_t>(descriptor)));
}

// How the file of a reply is given back: by the plugin where it is lent, else by closing it.
// Nothing where the border does not say which of the two.
inline std::pair<void (*)(void*), void*> end_of_file(const mortise_reply* head,
                                                     const mortise_file_range* range) noexcept {
    if (head == nullptr || head->size < sizeof *head || range == nullptr ||
        range->size < sizeof *range) {
        return {nullptr, nullptr};
    }
    if (head->release != nullptr) {
        return {head->release, head->release_argument};
    }
    return {close_file, reinterpret_cast<void*>(static_cast<std::intptr_t>(range->descriptor))};
}

// What is wrong with a range; empty where all of it is read into `content`.
inline std::string rule_broken_by(const mortise_file_range* range, std::string& content) {
    if (range == nullptr || range->size < sizeof *range) {
        return "the range is null, or its size is smaller than mortise_file_range";
    }
    if (::lseek(range->descriptor, 0, SEEK_CUR) < 0) {
        return "the descriptor is none of a regular file";
    }
    std::uint64_t at = range->offset;
    for (std::uint64_t rest = range->length; rest != 0;) {
        char piece[4096];
        const auto size =
            ::pread(range->descriptor, piece, rest < sizeof piece ? rest : sizeof piece,
                    static_cast<::off_t>(at));
        if (size < 0) {
            return "the file cannot be read";
        }
        if (size == 0) {
            return "the range goes beyond the end of the file";
        }
        content.append(piece, static_cast<std::size_t>(size));
        at += static_cast<std::uint64_t>(size);
        rest -= static_cast<std::uint64_t>(size);
    }
    return {};
}

inline std::int32_t exchange::reply(const mortise_reply* head, const mortise_file_range* range) {
    constexpr std::string_view function = "file reply()";
    const auto [release, argument] = end_of_file(head, range);
    const auto give_back = [&, release = release, argument = argument] {
        if (release != nullptr) {
            stage_.enter(part::loop, called("release"), [&] { release(argument); });
        }
    };
    if (has_begun_) {
        give_back();
        return breach(function, "the response was begun by begin(), and ends by end()",
                      MORTISE_E_STATE);
    }
    const auto refusal = stage_.take_refusal(function::file_reply);
    if (refusal && *refusal != MORTISE_E_INVALID && *refusal != MORTISE_E_CANCELLED) {
        give_back();
        return *refusal;
    }
    std::string content;
    std::string rule =
        rule_broken_by(head, range != nullptr ? static_cast<std::int64_t>(range->length) : 0);
    if (rule.empty()) {
        rule = head->content.size != 0 ? "it has content beside the file"
                                       : rule_broken_by(range, content);
    }
    if (!rule.empty() || refusal == MORTISE_E_INVALID) {
        give_back();
        answer_instead(500, "Internal Server Error");
        finish();
        return rule.empty() ? MORTISE_E_INVALID : breach(function, rule, MORTISE_E_INVALID);
    }
    lent_ = {{}, release, argument};
    return answer(*head, std::move(content), refusal == MORTISE_E_CANCELLED);
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
