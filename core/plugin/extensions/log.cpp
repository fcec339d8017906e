// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.log/1".
#include "plugin/exchange_table.hpp"
#include "plugin/extensions/extensions.hpp"
#include "plugin/instance.hpp"
#include "plugin/sized.hpp"
#include "plugin/view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <new>
#include <string_view>

namespace mortise::plugin {
namespace {

constexpr std::uint32_t max_fields = 16;

severity to_severity(std::uint32_t level) noexcept {
    constexpr auto highest = static_cast<std::uint32_t>(severity::error);
    return static_cast<severity>(std::min(level, highest));
}

// Where the plugin holds the exchange on this thread; else empty.
std::string_view request_id_of(mortise_exchange number) noexcept {
    const auto* const table = exchange_table::of_this_thread();
    const auto held = table != nullptr ? table->look_up(number) : exchange_table::holding{};
    try {
        return held.exchange != nullptr ? held.exchange->request_id() : std::string_view{};
    } catch (const std::bad_alloc&) {
        return {};
    }
}

// The fields of `line`, the number of its exchange and the id of that, as far as they are sound.
class line_fields {
public:
    explicit line_fields(const mortise_log_line& line) noexcept {
        const std::uint32_t given =
            line.fields != nullptr ? std::min(line.field_count, max_fields) : 0;
        for (std::uint32_t at = 0; at < given; ++at) {
            const mortise_field& each = line.fields[at];
            if (is_sound(each.name) && is_sound(each.value)) {
                fields_[count_++] = {from_abi(each.name), from_abi(each.value)};
            }
        }
        if (line.exchange != 0) {
            const auto* const end =
                std::to_chars(digits_.data(), digits_.data() + digits_.size(), line.exchange, 16)
                    .ptr;
            fields_[count_++] = {"exchange", {digits_.data(), end}};
            if (const auto id = request_id_of(line.exchange); !id.empty()) {
                fields_[count_++] = {"request_id", id};
            }
        }
    }

    std::span<const http::field> view() const noexcept { return {fields_.data(), count_}; }

private:
    std::array<http::field, max_fields + 2> fields_;
    std::array<char, 16> digits_;
    std::size_t count_ = 0;
};

void write(mortise_instance* of, const mortise_log_line* line) noexcept {
    if (of == nullptr) {
        return;
    }
    if (!has_least_size(line) || !is_sound(line->text)) {
        instance::from_abi(of)->report_fault("log write(): the line is null or smaller than "
                                             "mortise_log_line, or its text is null with a size");
        return;
    }
    instance::from_abi(of)->log(to_severity(line->level), from_abi(line->text),
                                line_fields{widen(*line)}.view());
}

std::int32_t is_on(mortise_instance* of, std::uint32_t level) noexcept {
    return of != nullptr && instance::from_abi(of)->is_logged(to_severity(level)) ? 1 : 0;
}

} // namespace

constexpr mortise_log log_extension{
    .size = sizeof(mortise_log), .reserved = 0, .write = write, .is_on = is_on};

} // namespace mortise::plugin
