// SPDX-License-Identifier: BSL-1.0
// Reading a case file line by line.
#include "script.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "escapes.hpp"

#include <array>
#include <fstream>
#include <stdexcept>

namespace mortise::conformance {

namespace {

constexpr std::string_view indent = "    ";

struct ending {
    std::string_view text;
    expectation::ending what;
};
constexpr std::array<ending, 3> endings{{{" to HEAD", expectation::ending::to_head},
                                         {" until close", expectation::ending::until_close},
                                         {" cut off", expectation::ending::cut_off}}};

struct keyword {
    std::string_view text;
    word what;
};
// Longer ones before those they begin with.
constexpr std::array<keyword, 16> keywords{{{"send and shut", word::send_and_shut},
                                            {"send", word::send},
                                            {"pass ", word::pass},
                                            {"take ", word::take},
                                            {"handler answers", word::handler_answers},
                                            {"handler reads", word::handler_reads},
                                            {"handler begins", word::handler_begins},
                                            {"handler writes", word::handler_writes},
                                            {"handler ends", word::handler_ends},
                                            {"handler breaks off", word::handler_breaks_off},
                                            {"receive ", word::receive},
                                            {"writes ", word::writes},
                                            {"logged ", word::logged},
                                            {"open", word::open},
                                            {"lingers", word::lingers},
                                            {"closed", word::closed}}};

std::uint64_t number(std::string_view digits) {
    if (const auto read = base::parse_decimal(digits)) {
        return *read;
    }
    throw std::runtime_error{"this is no number: " + std::string{digits}};
}

base::milliseconds duration(std::string_view text) {
    if (text.ends_with("ms")) {
        return std::chrono::milliseconds{number(text.substr(0, text.size() - 2))};
    }
    return std::chrono::seconds{number(text.substr(0, text.size() - text.ends_with('s')))};
}

class reader {
public:
    void read(std::string_view line) {
        ++line_;
        if (line.empty()) {
            return;
        }
        if (base::trim(line).size() != line.size() && !line.starts_with(indent)) {
            throw std::runtime_error{"a block is indented by four spaces"};
        }
        if (line.back() == ' ' || line.back() == '\t') {
            throw std::runtime_error{"white space at the end of a line: write \\x20"};
        }
        if (line.starts_with('#')) {
            read_comment(line);
        } else if (line.starts_with(indent)) {
            read_block(line.substr(indent.size()));
        } else {
            read_word(line);
        }
    }

    script take() {
        if (result_.rule.find("(RFC ") == std::string::npos) {
            throw std::runtime_error{"a case begins with its rule, as in: # Text (RFC 9112, 6.1)."};
        }
        if (result_.steps.empty() || !is_end(result_.steps.back().what)) {
            throw std::runtime_error{"a case ends with open, lingers or closed"};
        }
        return std::move(result_);
    }
    unsigned line() const noexcept { return line_; }

private:
    void read_comment(std::string_view line) {
        if (result_.steps.empty()) {
            result_.rule.append(base::trim(line.substr(1))) += ' ';
        }
    }

    void read_word(std::string_view line) {
        if (line == "with uncut") {
            result_.is_played_cut = false;
        } else if (line.starts_with("with server ")) {
            result_.server_field = line.substr(12);
        } else if (line == "content" && is_in(word::receive)) {
            is_content_ = true;
            result_.steps.back().expected.content.emplace();
        } else {
            read_step(line);
        }
    }

    void read_step(std::string_view line) {
        for (const auto& one : keywords) {
            if (line.starts_with(one.text)) {
                is_content_ = false;
                result_.steps.push_back({one.what, line_});
                return read_rest(line.substr(one.text.size()));
            }
        }
        throw std::runtime_error{"no step begins like this: " + std::string{line}};
    }

    void read_rest(std::string_view rest) {
        auto& now = result_.steps.back();
        switch (now.what) {
        case word::receive:
            for (const auto& one : endings) {
                if (rest.ends_with(one.text)) {
                    now.expected.ends = one.what;
                    rest.remove_suffix(one.text.size());
                }
            }
            now.expected.status = static_cast<unsigned>(number(std::exchange(rest, {})));
            break;
        case word::pass:
            now.time = duration(std::exchange(rest, {}));
            break;
        case word::take:
        case word::writes:
            now.count = number(std::exchange(rest, {}));
            break;
        case word::handler_begins:
            if (rest.starts_with(' ')) {
                now.length = number(std::exchange(rest, {}).substr(1));
            }
            break;
        case word::logged:
            now.bytes = std::exchange(rest, {});
            break;
        default:
            break;
        }
        if (!rest.empty()) {
            throw std::runtime_error{"what is this: " + std::string{rest}};
        }
    }

    void read_block(std::string_view line) {
        if (!result_.steps.empty() && has_block(result_.steps.back().what)) {
            result_.steps.back().bytes += unescape(line);
        } else if (!is_in(word::receive)) {
            throw std::runtime_error{
                "a block stands below send, receive, content or handler writes"};
        } else if (is_content_) {
            *result_.steps.back().expected.content += unescape(line);
        } else {
            read_field(line);
        }
    }

    void read_field(std::string_view line) {
        auto& expected = result_.steps.back().expected;
        const auto colon = line.find(": ");
        if (line.starts_with("no ")) {
            expected.absent_fields.emplace_back(line.substr(3));
        } else if (colon != line.npos) {
            expected.fields.emplace_back(line.substr(0, colon), unescape(line.substr(colon + 2)));
        } else {
            throw std::runtime_error{"below receive stands Name: value, or no Name"};
        }
    }

    bool is_in(word what) const noexcept {
        return !result_.steps.empty() && result_.steps.back().what == what;
    }

    script result_;
    unsigned line_ = 0;
    bool is_content_ = false;
};

} // namespace

script read_script(const std::filesystem::path& file) {
    std::ifstream lines{file};
    reader reading;
    try {
        for (std::string line; std::getline(lines, line);) {
            reading.read(line);
        }
        return reading.take();
    } catch (const std::runtime_error& fault) {
        throw std::runtime_error{file.string() + ":" + std::to_string(reading.line()) + ": " +
                                 fault.what()};
    }
}

} // namespace mortise::conformance
