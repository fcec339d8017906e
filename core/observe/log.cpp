// SPDX-License-Identifier: BSL-1.0
// The log over spdlog, which no other file sees.
#include "observe/log.hpp"

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

std::shared_ptr<spdlog::logger> make_logger() {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto formatter =
        std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
    formatter->add_flag<priority_flag>('*');
    formatter->set_pattern(is_journal(STDERR_FILENO) ? "<%*>%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
    sink->set_formatter(std::move(formatter));
    auto logger = std::make_shared<spdlog::logger>("mortise", std::move(sink));
    logger->flush_on(spdlog::level::debug);
    return logger;
}

spdlog::logger& logger() {
    static const auto the_logger = make_logger();
    return *the_logger;
}

void append_escaped(std::string& line, std::string_view text, bool quoted) {
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (code < 0x20 || code == 0x7f) {
            constexpr std::string_view digits = "0123456789abcdef";
            line += {'\\', 'x', digits[code >> 4], digits[code & 15]};
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

void write(level severity, std::string_view text, std::span<const log_field> fields) {
    std::string line;
    append_escaped(line, text, false);
    for (const auto& field : fields) {
        append_field(line, field);
    }
    logger().log(to_spdlog(severity), spdlog::string_view_t{line.data(), line.size()});
}

struct kept_lines {
    std::mutex mutex;
    std::deque<error_line> lines; // guarded by mutex
};

kept_lines& kept() {
    static kept_lines the_lines;
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

void set_log_level(level least) noexcept {
    try {
        logger().set_level(to_spdlog(least));
    } catch (...) { // no logger, no lines
    }
}

bool is_logged(level severity) noexcept {
    try {
        return logger().should_log(to_spdlog(severity));
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
