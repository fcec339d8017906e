# SPDX-License-Identifier: BSL-1.0
"""The rules of the wire as they stand in core, each with what takes it out.

A mutation is (rule, file, text that stands there once, what to put in its place).
"""

FRAMING = "core/http1/framing.cpp"
AUTHORITY = "core/http/authority.cpp"
READER = "core/http1/message_reader.cpp"
TARGET = "core/http/target.cpp"
TOKENS = "core/http1/tokenizer.cpp"
CHUNK = "core/http1/chunk.cpp"
DECODER = "core/http1/content_decoder.cpp"
EXCHANGE = "core/http1/exchange.cpp"
CONNECTION = "core/http1/connection.cpp"
STREAM = "core/http1/connection_stream.cpp"
OUTBOX = "core/net/outbox.cpp"
ANSWERS = "core/http1/connection_answers.cpp"
WRITER = "core/http1/message_writer.cpp"
SENT_FIELD = "core/http/sent_field.hpp"
PERSISTENCE = "core/http1/persistence.cpp"
ROUTER = "core/routing/router.cpp"
TABLE = "core/routing/route_table.cpp"
DECIMAL = "core/base/decimal.hpp"

NOT_CHUNKED = '!base::equal_ignoring_case(fields.transfer_encoding, "chunked")'

FRAMING_RULES = [
    ("the transfer coding is chunked", FRAMING, NOT_CHUNKED, "false"),
    ("the transfer coding is chunked alone", FRAMING, NOT_CHUNKED,
     'fields.transfer_encoding.find("chunked") == std::string_view::npos'),
    ("chunked in any letters", FRAMING, NOT_CHUNKED, 'fields.transfer_encoding != "chunked"'),
    ("one Transfer-Encoding line", FRAMING, "fields.transfer_encoding_count != 1 ||", ""),
    ("another coding is 501", FRAMING, "unknown_coding{501", "unknown_coding{400"),
    ("no Content-Length beside Transfer-Encoding", FRAMING,
     "if (fields.content_length_count != 0) {", "if (false) {"),
    ("no Transfer-Encoding in HTTP/1.0", FRAMING,
     "if (version_minor == 0) {\n            return refuse",
     "if (false) {\n            return refuse"),
    ("one Content-Length line", FRAMING, "if (fields.content_length_count != 1) {", "if (false) {"),
    ("Content-Length is digits only", DECIMAL, " || stop != end", ""),
    ("Content-Length does not overflow", DECIMAL, "error != std::errc{} || ", ""),
    ("HTTP/1.1 has a Host", FRAMING, "version_minor == 0 ? nullptr : &no_host", "nullptr"),
    ("at most one Host", FRAMING, "if (fields.host_count != 1) {", "if (false) {"),
    ("Host is an authority", FRAMING, "is_authority(fields.host) ? nullptr : &bad_host",
     "nullptr"),
    ("an escape in Host has its digits", AUTHORITY, "is_percent_encoded(text.substr(size, 3))",
     "size + 3 <= text.size()"),
    ("Host is not empty", AUTHORITY, "if (host.empty() || ", "if ("),
    ("a port is a number up to 65535", AUTHORITY, "if (!is_port(port)) {", "if (false) {"),
    ("an address in brackets is IPv6", AUTHORITY, "is_ipv6(text.substr(1, end - 1))", "true"),
    ("the absolute form wins over Host", READER,
     "target.authority.empty() ? control.framing.host : target.authority", "control.framing.host"),
]

TARGET_RULES = [
    ("* is for OPTIONS alone", TARGET, "asked == method::options ? nullptr : &bad_asterisk",
     "nullptr"),
    ("CONNECT is 501", TOKENS,
     "method == http::method::connect ? refuse(no_tunnels) : outcome::found", "outcome::found"),
    ("a scheme is http or https", TARGET,
     'if (!base::equal_ignoring_case(scheme, "http") && ', "if (false && "),
    ("the target's authority is one", TARGET,
     "split_authority(authority) ? nullptr : &bad_authority", "nullptr"),
    ("no fragment", TARGET, "if (rest.find('#', path_end) != rest.npos) {", "if (false) {"),
    ("nothing from 0x80 in a target", TOKENS,
     "at_ = base::find_invisible(at_, stop);",
     "while (at_ != stop && (base::is_of(*at_, base::target_byte) || *at_ < 0)) {\n"
     "        ++at_;\n    }"),
    ("no control byte in a target", TOKENS,
     "at_ = base::find_invisible(at_, stop);",
     "while (at_ != stop && *at_ != ' ' && *at_ != '\\r' && *at_ != '\\n' && *at_ >= 0) {\n"
     "        ++at_;\n    }"),
    ("no space in a target", TOKENS,
     'if (base::starts_with({at_, end_}, "HTTP/1.1',
     "while (end_ - at_ > 4 && *at_ != 'H') {\n        ++at_;\n    }\n"
     '    if (base::starts_with({at_, end_}, "HTTP/1.1'),
    ("% has two digits, in a path", TARGET, "if (!is_percent_encoded(out.path)) {",
     "if (false) {"),
    ("% has two digits, in a query", TARGET, "if (!is_percent_encoded(out.query)) {",
     "if (false) {"),
    ("%00 is 400", TARGET, 'return path.find("%00") != path.npos;', "return false;"),
    ("dot segments are removed", TARGET, 'if (decoded != "." && decoded != "..") {', "if (true) {"),
    (".. takes a segment away", TARGET, "while (decoded.size() == 2 &&", "while (false &&"),
    ("encoded dots are dots", TARGET, "const std::string_view decoded{segment_begin + 1, end};",
     "const std::string_view decoded = segment;"),
    ("a decoded slash makes no segment", TARGET,
     "if (base::is_of(byte, base::unreserved_byte)) {",
     "if (base::is_of(byte, base::unreserved_byte) || byte == '/') {"),
    ("a target is bounded, 414", TOKENS,
     "at_ + std::min(static_cast<std::size_t>(end_ - at_), limits_.target_size);", "end_;"),
    ("a parameter of many segments keeps its escaped slashes", ROUTER,
     "is_rest ? http::percent_decode_path : http::percent_decode", "http::percent_decode"),
    ("a handler sees parameters decoded", ROUTER,
     "            value = decode(value, exchange.memory());\n", ""),
]

FIELD_RULES = [
    ("no obs-fold", TOKENS, "return refuse(folded);",
     'field.name = "folded";\n        return read_value(field.value);'),
    ("no space before the colon", TOKENS, "    name = {begin, at_};\n",
     "    name = {begin, at_};\n"
     "    while (*at_ == ' ' || *at_ == '\\t') {\n        ++at_;\n    }\n"),
    ("a field name is not empty", TOKENS, "*at_ == ':' && !name.empty()", "*at_ == ':'"),
    ("a field name is a token", TOKENS,
     "at_ = base::find_token_end(at_, section_end_);",
     "while (at_ != section_end_ && *at_ != ':' && *at_ != '\\r') {\n        ++at_;\n    }"),
    ("no NUL or control in a value", TOKENS, "at_ = base::find_control(at_, section_end_);",
     "while (at_ != section_end_ && *at_ != '\\r' && *at_ != '\\n') {\n        ++at_;\n    }"),
    ("no bare LF in a value", TOKENS, "    if (*at_ != '\\r') {\n        return refuse(*at_ ==",
     "    if (*at_ == '\\n') {\n        ++at_;\n        return outcome::found;\n    }\n"
     "    if (*at_ != '\\r') {\n        return refuse(*at_ =="),
    ("no bare CR in a value", TOKENS,
     "if (at_[1] != '\\n') {\n        return refuse(bad_value);",
     "if (false) {\n        return refuse(bad_value);"),
    ("no bare LF as a line's end", TOKENS,
     "    if (*at_ != '\\r') {\n        return refuse(bad_line_end);",
     "    if (*at_ == '\\n') {\n        ++at_;\n        return outcome::found;\n    }\n"
     "    if (*at_ != '\\r') {\n        return refuse(bad_line_end);"),
    ("no bare CR as a line's end", TOKENS,
     "if (at_[1] != '\\n') {\n        return refuse(bad_line_end);",
     "if (false) {\n        return refuse(bad_line_end);"),
    ("field lines are bounded in count, 431", TOKENS,
     "if (field_count_++ == limits_.field_count) {",
     "if (field_count_++ == 100 * limits_.field_count) {"),
    ("field lines are bounded in bytes, 431", TOKENS,
     "at_ + std::min(static_cast<std::size_t>(end_ - at_), limits_.header_size);", "end_;"),
    ("fields are counted as they arrive", TOKENS,
     "section_end_ == end_ ? outcome::incomplete : refuse(large_section)", "outcome::incomplete"),
    ("what arrives in pieces is looked at before its line ends", READER,
     "bytes.size() < progress.look_at &&", ""),
    ("empty lines come to an end", TOKENS, "if (lines == most_empty_lines) {", "if (false) {"),
    ("empty lines are passed over", TOKENS, "if (lines == most_empty_lines) {", "if (true) {"),
    ("a method is bounded", TOKENS, "if (token.size() > longest_method) {", "if (false) {"),
]

CHUNK_RULES = [
    ("size digits are bounded", CHUNK, "if (++line_size_ > most_digits) {", "if (false) {"),
    ("a size is hexadecimal digits", CHUNK, "byte == '\\n' ? &bad_line_end : &bad_size", "nullptr"),
    ("a size has a digit", CHUNK,
     "if (state_ == chunk_state::size_begin) {\n        return &bad_size;",
     "if (false) {\n        return &bad_size;"),
    ("space behind a size begins an extension", CHUNK,
     "byte == ';' || byte == ' ' || byte == '\\t' ? nullptr : &bad_extension",
     "byte == '\\r' ? (state_ = chunk_state::size_line_feed, nullptr) : nullptr"),
    ("extensions are bounded", CHUNK,
     "if (++line_size_ > limits.chunk_extension_size && byte != '\\r') {", "if (false) {"),
    ("an extension is tokens", CHUNK, "        return &bad_extension;\n    default:",
     "        return nullptr;\n    default:"),
    ("a quoted string ends before its line", CHUNK, "if (!base::is_of(byte, base::value_byte)) {",
     "if (false) {"),
    ("a chunk ends where its size says", CHUNK,
     "byte == '\\r' ? expect(byte, '\\r', chunk_state::content_line_feed) : &bad_chunk_end",
     "expect('\\r', '\\r', chunk_state::content_line_feed)"),
    ("lines of chunks end with CR LF", CHUNK, "byte == expected ? nullptr : &bad_line_end",
     "nullptr"),
    ("trailers are dropped, not served", CHUNK, "rest_ == 0 ? chunk_state::trailer_begin",
     "rest_ == 0 ? chunk_state::end"),
    ("the trailer section is bounded", CHUNK, "if (++line_size_ > limits.trailer_size) {",
     "if (false) {"),
    ("a trailer's name is a token", CHUNK,
     "base::is_of(byte, base::token_byte) ? nullptr : &bad_trailer", "nullptr"),
    ("a trailer's name is not empty", CHUNK,
     "byte == ':' && state_ == chunk_state::trailer_name", "byte == ':'"),
    ("a trailer's value is one", CHUNK,
     "base::is_of(byte, base::value_byte) ? nullptr : &bad_trailer", "nullptr"),
]

CONTENT_RULES = [
    ("413 at once by Content-Length", DECODER, "if (is_known_too_large()) {", "if (false) {"),
    ("413 by chunks", DECODER, "if (passed_ > limit_) {", "if (false) {"),
    ("much unread content closes", ANSWERS,
     "content.known_rest() > workspace_.settings.limits.drained_content_size", "false"),
    ("draining is bounded", CONNECTION,
     "exchange_->content().limit_rest(workspace_.settings.limits.drained_content_size);", ""),
    ("content that breaks while drained closes", CONNECTION, "    } while (now == state::piece);\n",
     "    } while (now == state::piece);\n    now = now == state::refused ? state::end : now;\n"),
    ("content that broke closes", ANSWERS, "|| content.has_failed() ", ""),
    ("Expect is answered by 100", EXCHANGE, "connection_->send_continue(content_);", ""),
    ("100 when a handler reads, not before", CONNECTION, "    bytes.remove_prefix(head.size);\n",
     "    bytes.remove_prefix(head.size);\n"
     "    if (exchange_->request().expects_continue) {\n"
     "        send_continue(exchange_->content());\n    }\n"),
    ("no 100 for content that is refused", EXCHANGE, "!content_.is_known_too_large()", "true"),
    ("no 100 where there is no content", EXCHANGE, "!content_.is_at_end() &&", ""),
    ("no 100 behind content", ANSWERS, "content.has_started() || has_arrived", "false"),
    ("unread expected content closes", ANSWERS, "request.expects_continue || content", "content"),
    ("417 for another expectation", READER, "may_expect && control.unmet_expectations != 0",
     "false"),
    ("HTTP/1.0 expects nothing", READER, "line.version_minor != 0; // RFC 9110",
     "true; // RFC 9110"),
]

TIME_RULES = [
    ("a header section has its time", CONNECTION, "workspace_.header.arm(*this, now);", ";"),
    ("a byte does not extend the header's time", CONNECTION,
     "} else if (!header_begun_) {", "} else {"),
    ("each header section has its time", CONNECTION, "    header_begun_ = false;\n", ""),
    ("408 where something had arrived", CONNECTION,
     'refuse({408, "The header section did not arrive in time"});', "return close(client_left);"),
    ("silence where nothing had arrived", CONNECTION,
     "return (phase_ == phase::head || phase_ == phase::proxy) && rest_ == nullptr;", "return false;"),
    ("the first request has its time", CONNECTION,
     "    workspace_.header.arm(*this, workspace_.now);\n", ""),
    ("keep-alive has its time", CONNECTION, "workspace_.keep_alive.arm(*this, now);", ";"),
    ("content has its time", CONNECTION,
     "if (exchange_->is_reading()) {\n            workspace_.content.arm(*this, now);",
     "if (exchange_->is_reading()) {\n            disarm();"),
    ("drained content has its time", CONNECTION,
     "case phase::skipping:\n        workspace_.content.arm(*this, now);",
     "case phase::skipping:\n        disarm();"),
    ("a handler has its time, 504", CONNECTION,
     "exchange_->handling().arm(*this, exchange_->begun_at());", "disarm();"),
    ("a late answer goes nowhere", ANSWERS,
     "    std::exchange(exchange_, nullptr)->abandon(why, from);", "    exchange_ = nullptr;"),
    ("writing has its time", CONNECTION, "workspace_.writing.arm(*this, now);", ";"),
    ("lingering has its time", ANSWERS, "workspace_.linger.arm(*this, workspace_.now);",
     "disarm();"),
]

METHOD_RULES = [
    ("an unknown method is 501", TOKENS, "if (method == http::method::unknown) {", "if (false) {"),
    ("405 has Allow", ROUTER, '{405, "The path does not take this method"}, fields)',
     '{405, "The path does not take this method"})'),
    ("HEAD has no content", ANSWERS, "if (!is_to_head && may", "if (may"),
    ("HEAD from GET", TABLE, "(method_ == http::method::head && take(here, http::method::get))",
     "false"),
    ("OPTIONS is answered", ROUTER, "if (exchange.request().method == http::method::options) {",
     "if (false) {"),
    ("OPTIONS * is answered", ROUTER, 'if (request.path == "*") {', "if (false) {"),
]

VERSION_RULES = [
    ("HTTP/1.0 is not 1.1", TOKENS, "minor = at_[7] == '0' ? 0 : 1;", "minor = 1;"),
    ("a later 1.x is 1.1", TOKENS, "minor = at_[7] == '0' ? 0 : 1;",
     "if (at_[7] > '1') {\n        return refuse(other_version);\n    }\n"
     "    minor = at_[7] == '0' ? 0 : 1;"),
    ("another major version is refused", TOKENS, "if (size > 5 && at_[5] != '1') {",
     "if (false) {"),
    ("another major version is 505", TOKENS, "? other_version : bad_version",
     "? bad_version : bad_version"),
    ("a version begins with HTTP/", TOKENS,
     "if (std::memcmp(at_, name.data(), std::min(size, name.size())) != 0) {", "if (false) {"),
    ("a minor version is a digit", TOKENS,
     " || (size > 7 && !base::is_of(at_[7], base::digit_byte))",
     ""),
    ("HTTP/0.9 is 400", TOKENS,
     "    return refuse(*at_ == '\\r' || *at_ == '\\n' ? no_version : bad_target);\n}\n\n"
     "// RFC 9112, 2.3. A higher minor version of 1 is answered as 1.1 (RFC 9110, 2.5).\n"
     "[[gnu::always_inline]] inline tokenizer::outcome\n"
     "tokenizer::read_version(std::uint8_t& minor) noexcept {\n",
     "    return *at_ == '\\r' ? outcome::found : refuse(bad_target);\n}\n\n"
     "inline tokenizer::outcome tokenizer::read_version(std::uint8_t& minor) noexcept {\n"
     "    if (*at_ == '\\r') {\n        minor = 0;\n        return read_line_end();\n    }\n"),
    ("TLS is told", TOKENS, "if (*at_ == tls_handshake) {", "if (false) {"),
]

PERSISTENCE_RULES = [
    ("options in any letters", PERSISTENCE, 'base::equal_ignoring_case(option, "close")',
     'option == "close"'),
    ("keep-alive in any letters", PERSISTENCE, 'base::equal_ignoring_case(option, "keep-alive")',
     'option == "keep-alive"'),
    ("several options", PERSISTENCE, "options.close = options.close || ", "options.close = "),
    ("white space around options", PERSISTENCE, "base::trim(value.substr(0, comma))",
     "value.substr(0, comma)"),
    ("several Connection lines", READER, "add_options(field.value, control.options);",
     "control.options = {};\n            add_options(field.value, control.options);"),
    ("close is obeyed", ANSWERS, "if (request.wants_close || workspace_.winding_down) {",
     "if (workspace_.winding_down) {"),
    ("close is said", WRITER, "if (frame.close) {", "if (false) {"),
    ("HTTP/1.0 is told of keep-alive", WRITER, "} else if (frame.keep_alive_http10) {",
     "} else if (false) {"),
    ("answers in one write", ANSWERS, "if (to.size() >= written_at_once) {", "if (true) {"),
    ("answers in order", CONNECTION,
     "        exchange_->keep_request();\n        return exchange_->is_reading();",
     "        exchange_->keep_request();\n        phase_ = phase::head;\n        return true;"),
    ("reading on behind a refusal", ANSWERS,
     "void connection::refuse(const http::problem& why, http::method asked) {\n    last_answer_ = true;\n"
     "    must_linger_ = true;\n",
     "void connection::refuse(const http::problem& why, http::method asked) {\n    last_answer_ = true;\n"),
    ("nothing is served behind a refusal", CONNECTION,
     "        unread().remove_prefix(unread().size()); // what comes now is read for nobody\n"
     "        return false;",
     "        phase_ = phase::head;\n        return begin_exchange();"),
    ("reading on behind content that broke", CONNECTION,
     "must_linger_ = !unread().empty() || !exchange_->content().is_at_end();", ""),
]

ANSWER_RULES = [
    ("Date", WRITER, "            << frame.start.date();", "            ;"),
    ("no length with 204 and 304", WRITER, "if (may_have_content(response.status)) {", "{"),
    ("no content with 204 and 304", ANSWERS, "!is_to_head && may_have_content(response.status)",
     "!is_to_head"),
    ("one Content-Length", WRITER, "            continue;\n", ""),
    ("a correct Content-Length", WRITER,
     "!states_size(field.value, length)", "false"),
    ("a file is framed by its range", ANSWERS, "message_framing::length, range.size);", "message_framing::length, 0);"),
    ("no file to HEAD", ANSWERS,
     "!fault.empty() || is_to_head || !may_have_content", "!fault.empty() || !may_have_content"),
    ("a file that ends early ends the connection", OUTBOX,
     "if (written && *written == 0 && size != 0) {", "if (false) {"),
    ("the chunked coding is announced", WRITER,
     "} else if (framing == message_framing::chunked) {", "} else if (false) {"),
    ("no chunked coding in HTTP/1.0", STREAM,
     "request.version_minor == 0 ? message_framing::close", "false ? message_framing::close"),
    ("content until close ends the connection", STREAM,
     "(has_content && framing == message_framing::close)", "false"),
    ("an empty piece is no chunk", STREAM, "if (!broken_ && !piece.empty()) {",
     "if (!broken_) {"),
    ("no content in pieces to HEAD", STREAM, "request.method != http::method::head &&", ""),
    ("no more content than was announced", STREAM,
     "piece.size() > stream.length - stream.size", "false"),
    ("no less content than was announced", STREAM, "stream.size != stream.length", "false"),
    ("no second head", EXCHANGE, "if (connection_ != nullptr && stream_ == nullptr) {",
     "if (connection_ != nullptr) {"),
    ("no 100 Continue behind a head", EXCHANGE,
     "if (stream_ == nullptr && std::exchange(", "if (std::exchange("),
    ("a half-close leaves a stream", EXCHANGE,
     "half_close_leaves_ = half_close_leaves_ || has_begun;", "half_close_leaves_ = false;"),
    ("a stream may be idle", CONNECTION, "} else if (exchange_->stream() != nullptr) {",
     "} else if (false) {"),
    ("no content in a refusal of HEAD", ANSWERS, "request.method = asked;", "static_cast<void>(asked);"),
    ("field values of handlers are checked", SENT_FIELD, "if (!base::is_field_value(field.value)) {",
     "if (false) {"),
    ("field names of handlers are checked", SENT_FIELD, "if (!base::is_token(field.name)) {",
     "if (false) {"),
    ("the connection's fields are its own", SENT_FIELD, "if (is_the_connections(field.name)) {",
     "if (false) {"),
    ("no interim status from handlers", WRITER, "response.status < 200 || ", ""),
    ("no status above 599", WRITER, " || response.status > 599", ""),
    ("a fault of a handler is logged", ANSWERS, "refused_responses.write(",
     "if (false) refused_responses.write("),
    ("Server only if configured", WRITER, "if (!frame.server.empty()) {", "{"),
    ("Server if configured", WRITER, "if (!frame.server.empty()) {", "if (false) {"),
]

HALF_CLOSE_RULES = [
    ("a client may shut its side", CONNECTION, "broken_ = broken_ || events.broken();",
     "broken_ = broken_ || events.broken() || events.peer_shut();"),
    ("400 for a head that ends early", CONNECTION,
     'refuse({400, "The request ended within its header section"});', "close(client_left);"),
    ("400 for content that ends early", CONNECTION,
     "if (!at_end_) {\n            return false;\n        }\n        last_answer_",
     "if (true) {\n            return false;\n        }\n        last_answer_"),
]

MUTATIONS = (FRAMING_RULES + TARGET_RULES + FIELD_RULES + CHUNK_RULES + CONTENT_RULES + TIME_RULES +
             METHOD_RULES + VERSION_RULES + PERSISTENCE_RULES + ANSWER_RULES + HALF_CLOSE_RULES)
