// SPDX-License-Identifier: BSL-1.0
// The page's markup.
#include "develop/page.hpp"

#include <algorithm>

namespace mortise::develop {

namespace {

constexpr char escape = '\x1b';

constexpr std::string_view begin = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<style>
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; font: 1rem/1.5 sans-serif;
       color: #222; background: #fff; }
h1 { font-size: 1.4rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; font-size: 0.85rem;
      background: #f4f4f4; }
@media (prefers-color-scheme: dark) {
body { color: #ddd; background: #181818; }
pre { background: #262626; }
}
</style>
<title>)";

constexpr std::string_view end = R"(
<p>This page loads itself anew: the answer comes in its place when the plugin serves.</p>
</body>
</html>
)";

std::string escaped(std::string_view text) {
    std::string made;
    for (const char each : text) {
        switch (each) {
        case '&':
            made += "&amp;";
            break;
        case '<':
            made += "&lt;";
            break;
        case '>':
            made += "&gt;";
            break;
        case '"':
            made += "&quot;";
            break;
        default:
            made += each;
        }
    }
    return made;
}

// Behind a sequence of ECMA-48 that begins `rest`: ESC [ … letter, or ESC ] … BEL or ESC \, which
// links have.
std::size_t sequence_size(std::string_view rest) {
    if (rest.size() > 1 && rest[1] == '[') {
        const auto last = std::find_if(rest.begin() + 2, rest.end(),
                                       [](char each) { return each >= '@' && each <= '~'; });
        return static_cast<std::size_t>(last - rest.begin()) + (last == rest.end() ? 0 : 1);
    }
    if (rest.size() > 1 && rest[1] == ']') {
        const auto last = rest.find_first_of("\a\x1b", 2);
        return last == rest.npos ? rest.size() : last + (rest[last] == escape ? 2 : 1);
    }
    return std::min<std::size_t>(2, rest.size());
}

} // namespace

std::string plain(std::string_view text) {
    std::string made;
    while (!text.empty()) {
        const char first = text.front();
        if (first == escape) {
            text.remove_prefix(std::min(sequence_size(text), text.size()));
            continue;
        }
        if (static_cast<unsigned char>(first) >= ' ' || first == '\n' || first == '\t') {
            made += first;
        }
        text.remove_prefix(1);
    }
    return made;
}

std::string html_of(const page& shown) {
    const std::string title = escaped(plain(shown.title));
    const std::string text = escaped(plain(shown.text));
    std::string made{begin};
    made += title + "</title>\n</head>\n<body>\n<h1>" + title + "</h1>";
    made += text.empty() ? "" : "\n<pre>" + text + "</pre>";
    return made += end;
}

std::string text_of(const page& shown) {
    return plain(shown.title) + "\n" + (shown.text.empty() ? "" : "\n" + plain(shown.text));
}

} // namespace mortise::develop
