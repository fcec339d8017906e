// SPDX-License-Identifier: BSL-1.0
// One line of the access log, as text.
#pragma once

#include "base/pen.hpp"
#include "observe/access_record.hpp"

#include <array>
#include <string>

namespace mortise::observe {

// Writes lines without allocating once its text has grown. Thread: its owner's.
class access_line {
public:
    explicit access_line(access_format format) noexcept : format_{format} {}

    // Appends the record's line with its end to `to`. Every byte that could break the line or
    // leave its quotes is escaped: as \xNN in the combined format, as \u00NN in JSON, where bytes
    // from 0x80 that are not UTF-8 are read as Latin-1.
    void append(const access_record& record, std::string& to);

private:
    void write_combined(const access_record& record, base::pen& to) noexcept;
    void write_json(const access_record& record, base::pen& to) noexcept;
    std::string_view second_text(base::unix_milliseconds time) noexcept;
    void write_second(base::unix_milliseconds time, base::pen& to) const noexcept;

    access_format format_;
    std::chrono::seconds second_{-1}; // that `text_` tells
    std::array<char, 32> text_{};
    std::size_t size_ = 0;
};

} // namespace mortise::observe
