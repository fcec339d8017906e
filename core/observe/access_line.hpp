// SPDX-License-Identifier: BSL-1.0
// One line of the access log, as text.
#pragma once

#include "base/pen.hpp"
#include "observe/access_record.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace mortise::observe {

// Writes lines without allocating. Thread: its owner's.
class access_line {
public:
    explicit access_line(access_format format) noexcept : format_{format} {}

    // The most bytes that the record's line may take.
    static std::size_t most_room(const access_record& record) noexcept;
    // Writes the record's line with its end to `to`, where there is that room, and gives the place
    // behind it. Every byte that could break the line or
    // leave its quotes is escaped: as \xNN in the combined format, as \u00NN in JSON, where bytes
    // from 0x80 that are not UTF-8 are read as Latin-1.
    char* write(const access_record& record, char* to) noexcept;

private:
    [[nodiscard]] base::pen write_combined(const access_record& record,
                                           base::pen to) const noexcept;
    [[nodiscard]] base::pen write_json(const access_record& record, base::pen to) const noexcept;
    [[nodiscard]] base::pen write_second(base::pen to) const noexcept;
    std::string_view second_text() const noexcept { return {text_.data(), size_}; }

    access_format format_;
    base::unix_milliseconds time_{base::milliseconds{-1}};      // of the line that is written
    std::chrono::sys_seconds second_{std::chrono::seconds{-1}}; // that of `time_`, as a text:
    std::array<char, 32> text_{};
    std::size_t size_ = 0;
};

} // namespace mortise::observe
