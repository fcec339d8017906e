// SPDX-License-Identifier: BSL-1.0
// The log over spdlog, which no other file sees.
#include "observe/log.hpp"

#include "base/hex.hpp"
#include "base/lasting.hpp"
#include "observe/json_text.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mortise::observe {

namespace {

constexpr std::uint32_t most_in_a_second = 5;

spdlog::level::level_enum to_spdlog(level severity) noexcept {
    switch (severity) {
    case level::debug:
        return spdlog::level::debug;
    case level::info:
        return spdlog::level::info;
    case level::warning:
        return spdlog::level::warn;
    case level::error:
        break;
    }
    return spdlog::level::err;
}

// systemd.exec(5): JOURNAL_STREAM holds device and inode of the stream that journald reads.
bool is_journal(int descriptor) {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat about {};
    return stream != nullptr && ::fstat(descriptor, &about) == 0 &&
           std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino) == stream;
}

// sd-daemon(3): "<N>" in front of a line is its priority.
class priority_flag final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& line, const std::tm&,
                spdlog::memory_buf_t& to) override {
        const char digit = line.level >= spdlog::level::err    ? '3'
                           : line.level == spdlog::level::warn ? '4'
                           : line.level == spdlog::level::info ? '6'
                                                               : '7';
        to.push_back(digit);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<priority_flag>();
    }
};

// What a line of JSON holds behind its level is its text here.
const char* pattern_of(log_format format) {
    const bool is_to_journal = is_journal(STDERR_FILENO);
    if (format == log_format::json) {
        return is_to_journal ? "<%*>{\"level\":\"%l\",%v}"
                             : "{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\",%v}";
    }
    return is_to_journal ? "<%*>%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
}

std::unique_ptr<spdlog::formatter> make_formatter(log_format format) {
    auto made = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
    made->add_flag<priority_flag>('*');
    made->set_pattern(pattern_of(format));
    return made;
}

// One for each format: a line is never made for the one and framed as the other, though the format
// changes meanwhile. They share the lock of standard error.
struct loggers {
    std::array<spdlog::logger, 2> by_format;
    std::atomic<log_format> chosen{log_format::text};

    spdlog::logger& of(log_format format) noexcept {
        return by_format[static_cast<std::size_t>(format)];
    }
};

spdlog::logger make_logger(log_format format) {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(make_formatter(format));
    spdlog::logger made{"mortise", std::move(sink)};
    made.flush_on(spdlog::level::debug);
    return made;
}

loggers& all() {
    static loggers& the_loggers = base::lasting<loggers>(
        std::array{make_logger(log_format::text), make_logger(log_format::json)});
    return the_loggers;
}

void append_escaped(std::string& line, std::string_view text, bool quoted) {
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (code < 0x20 || code == 0x7f) {
            line += {'\\', 'x', base::hex_digits[code >> 4], base::hex_digits[code & 15]};
        } else {
            if (quoted && (byte == '"' || byte == '\\')) {
                line += '\\';
            }
            line += byte;
        }
    }
}

void append_field(std::string& line, const log_field& field) {
    const bool quoted =
        field.value.empty() || field.value.find_first_of(" \"=") != field.value.npos;
    line += ' ';
    append_escaped(line, field.key, false);
    line += quoted ? "=\"" : "=";
    append_escaped(line, field.value, quoted);
    line += quoted ? "\"" : "";
}

void append_member(std::string& line, std::string_view key, std::string_view value,
                   std::string_view behind_key = {}) {
    const auto append = [&line](std::string_view text) {
        const auto before = line.size();
        line.resize(before + longest_json_escape * text.size());
        const auto end = write_json_text(base::pen{line.data() + before}, text);
        line.resize(static_cast<std::size_t>(end.at() - line.data()));
    };
    line += line.empty() ? "\"" : ",\"";
    append(key);
    line.append(behind_key).append("\":\"");
    append(value);
    line += '"';
}

std::string text_line(std::string_view text, std::span<const log_field> fields) {
    std::string line;
    append_escaped(line, text, false);
    for (const auto& field : fields) {
        append_field(line, field);
    }
    return line;
}

std::string json_line(std::string_view text, std::span<const log_field> fields) {
    std::string line;
    append_member(line, "message", text);
    constexpr std::array<std::string_view, 3> ours{"time", "level", "message"};
    for (const auto& [key, value] : fields) {
        const bool is_ours = std::ranges::find(ours, key) != ours.end();
        append_member(line, key, value, is_ours ? "_" : "");
    }
    return line;
}

void write(level severity, std::string_view text, std::span<const log_field> fields) {
    const auto format = all().chosen.load(std::memory_order_relaxed);
    const std::string line =
        format == log_format::json ? json_line(text, fields) : text_line(text, fields);
    all().of(format).log(to_spdlog(severity), spdlog::string_view_t{line.data(), line.size()});
}

struct kept_lines {
    std::mutex mutex;
    std::deque<error_line> lines; // guarded by mutex
};

kept_lines& kept() {
    static kept_lines& the_lines = base::lasting<kept_lines>();
    return the_lines;
}

void keep(std::string_view text, std::span<const log_field> fields) {
    error_line line{std::chrono::system_clock::now(), std::string{text}, {}};
    for (const auto& field : fields) {
        line.fields.emplace_back(field.key, field.value);
    }
    const std::lock_guard lock{kept().mutex};
    kept().lines.push_back(std::move(line));
    if (kept().lines.size() > most_error_lines) {
        kept().lines.pop_front();
    }
}

} // namespace

std::vector<error_line> last_errors() {
    const std::lock_guard lock{kept().mutex};
    return {kept().lines.begin(), kept().lines.end()};
}

void set_log_format(log_format format) noexcept {
    try {
        all().chosen = format;
    } catch (...) { // no logger, no lines
    }
}

void set_log_level(level least) noexcept {
    try {
        for (auto& each : all().by_format) {
            each.set_level(to_spdlog(least));
        }
    } catch (...) { // no logger, no lines
    }
}

bool is_logged(level severity) noexcept {
    try {
        return all().of(log_format::text).should_log(to_spdlog(severity));
    } catch (...) {
        return false;
    }
}

void log(level severity, std::string_view text, std::initializer_list<log_field> fields) noexcept {
    log(severity, text, std::span{fields.begin(), fields.size()});
}

void log(level severity, std::string_view text, std::span<const log_field> fields) noexcept {
    if (!is_logged(severity)) {
        return;
    }
    try {
        if (severity == level::error) {
            keep(text, fields);
        }
        write(severity, text, fields);
    } catch (...) { // the line is lost; what it told of goes on
    }
}

void log_more(level severity, std::string_view text) noexcept {
    try {
        write(severity, text, {});
    } catch (...) { // as above
    }
}

void limited_log::write(level severity, std::string_view text,
                        std::initializer_list<log_field> fields) noexcept {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::steady_clock::now().time_since_epoch())
                         .count();
    if (second_.exchange(now, std::memory_order_relaxed) != now) {
        count_.store(0, std::memory_order_relaxed);
        if (const auto left_out = left_out_.exchange(0, std::memory_order_relaxed); left_out != 0) {
            log(severity, "lines like the next were left out",
                {{"count", std::to_string(left_out)}});
        }
    }
    if (count_.fetch_add(1, std::memory_order_relaxed) < most_in_a_second) {
        log(severity, text, fields);
    } else {
        left_out_.fetch_add(1, std::memory_order_relaxed);
    }
}

} // namespace mortise::observe
