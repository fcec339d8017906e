// SPDX-License-Identifier: BSL-1.0
// What a client was answered.
#pragma once

#include <mortise/sdk/field.hpp>
#include <mortise/testing/log_line.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// A value: it stays as it is, whatever becomes of the plugin. Its fields are those of the plugin,
// without the ones that the host writes (Date, Content-Length, Connection).
class answer {
public:
    answer(unsigned status, field_lines fields, std::string content, bool is_broken_off)
        : status_{status},
          fields_{std::move(fields)},
          content_{std::move(content)},
          is_broken_off_{is_broken_off} {}

    unsigned status() const noexcept { return status_; }
    const field_lines& fields() const noexcept { return fields_; }
    const std::string& content() const noexcept { return content_; }

    // The value of the first field with this name, whatever its case.
    std::optional<std::string> field(std::string_view name) const {
        for (const auto& line : fields_) {
            if (mortise::detail::is_same_name(line.first, name)) {
                return line.second;
            }
        }
        return std::nullopt;
    }

    // Whether the client can tell that content is missing.
    bool was_broken_off() const noexcept { return is_broken_off_; }

private:
    unsigned status_;
    field_lines fields_;
    std::string content_;
    bool is_broken_off_;
};

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
