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
    void write_combined(const access_record& record, base::pen& to) noexcept;
    void write_json(const access_record& record, base::pen& to) noexcept;
    std::string_view second_text(base::unix_milliseconds time) noexcept;
    void write_second(base::unix_milliseconds time, base::pen& to) const noexcept;

    access_format format_;
    base::unix_milliseconds time_{base::milliseconds{-1}};
    std::chrono::seconds second_{-1}; // that of `time_`, which `text_` tells
    std::array<char, 32> text_{};
    std::size_t size_ = 0;
};

} // namespace mortise::observe
