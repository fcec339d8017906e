// SPDX-License-Identifier: BSL-1.0
// Reading a response, by code that shares nothing with what wrote it.
#include "answer.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "base/scan.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mortise::conformance {

namespace {

constexpr std::string_view line_end = "\r\n";

bool take_line(std::string_view& bytes, std::string_view& line) {
    const auto end = bytes.find(line_end);
    if (end == bytes.npos) {
        return false;
    }
    line = bytes.substr(0, end);
    bytes.remove_prefix(end + line_end.size());
    return true;
}

bool is_chunked(const answer& read) noexcept {
    return read.count("Transfer-Encoding") != 0;
}

// "HTTP/1.1 200 OK"
std::string read_status_line(std::string_view line, answer& out) {
    const auto status = base::parse_decimal(line.substr(std::min<std::size_t>(9, line.size()), 3));
    if (!line.starts_with("HTTP/1.1 ") || line.size() < 14 || line[12] != ' ' || !status) {
        return "this is no status line: " + std::string{line};
    }
    out.status = static_cast<unsigned>(*status);
    return {};
}

std::string judge_fields(const answer& read, expectation::ending ends) {
    const bool is_interim = read.status < 200;
    const bool is_bare = is_interim || read.status == 204 || read.status == 304;
    if (!is_interim && (read.count("Date") != 1 || read.value("Date").size() != 29)) {
        return "not one Date of 29 characters";
    }
    const bool is_unframed = is_bare || ends == expectation::ending::until_close;
    if (read.count("Content-Length") + read.count("Transfer-Encoding") != (is_unframed ? 0 : 1)) {
        return "not the one Content-Length or Transfer-Encoding that the status asks for";
    }
    if (is_chunked(read) && read.value("Transfer-Encoding") != "chunked") {
        return "a transfer coding that is not chunked alone";
    }
    return {};
}

std::string take_length(std::string_view& bytes, bool is_cut, answer& out) {
    const auto length = base::parse_decimal(out.value("Content-Length"));
    if (!length || (*length > bytes.size()) != is_cut) {
        return "a Content-Length that is no number, or not what came";
    }
    out.content = bytes.substr(0, *length);
    bytes.remove_prefix(out.content.size());
    return {};
}

// One chunk; false: it is not whole.
bool take_chunk(std::string_view& bytes, std::string_view& piece) {
    auto rest = bytes;
    std::string_view line;
    std::size_t size = 0;
    if (!take_line(rest, line) ||
        std::from_chars(line.data(), line.data() + line.size(), size, 16).ptr !=
            line.data() + line.size() ||
        rest.size() < size + line_end.size() || rest.substr(size, line_end.size()) != line_end) {
        return false;
    }
    piece = rest.substr(0, size);
    bytes = rest.substr(size + line_end.size());
    return true;
}

std::string take_chunks(std::string_view& bytes, bool is_cut, answer& out) {
    std::string_view piece{"more"};
    while (!piece.empty()) {
        if (!take_chunk(bytes, piece)) {
            return is_cut && bytes.empty() ? "" : "this is no whole chunk";
        }
        out.content += piece;
    }
    return is_cut ? "a last chunk behind what should be cut off" : "";
}

} // namespace

std::size_t answer::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), [&](auto& field) {
        return base::equal_ignoring_case(field.first, name);
    }));
}

std::string_view answer::value(std::string_view name) const noexcept {
    for (const auto& [known, text] : fields) {
        if (base::equal_ignoring_case(known, name)) {
            return text;
        }
    }
    return {};
}

std::string read_answer(std::string_view& bytes, expectation::ending ends, answer& out) {
    std::string_view line;
    if (!take_line(bytes, line)) {
        return "no response";
    }
    if (auto fault = read_status_line(line, out); !fault.empty()) {
        return fault;
    }
    while (take_line(bytes, line) && !line.empty()) {
        const auto colon = line.find(": ");
        const bool is_field = colon != line.npos && base::is_token(line.substr(0, colon)) &&
                              base::is_field_value(line.substr(colon));
        if (!is_field) {
            return "this is no field line: " + std::string{line};
        }
        out.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    if (auto fault = judge_fields(out, ends); !fault.empty()) {
        return fault;
    }
    if (ends == expectation::ending::to_head) {
        return {};
    }
    const bool is_cut = ends == expectation::ending::cut_off;
    if (is_chunked(out)) {
        return take_chunks(bytes, is_cut, out);
    }
    if (out.count("Content-Length") != 0) {
        return take_length(bytes, is_cut, out);
    }
    if (ends == expectation::ending::until_close) {
        out.content = std::exchange(bytes, {});
    }
    return {};
}

} // namespace mortise::conformance
