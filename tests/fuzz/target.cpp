// SPDX-License-Identifier: BSL-1.0
// The request target: what routing may rely on, whatever was sent.
#include "http/target.hpp"

#include "base/ascii.hpp"
#include "fuzz.hpp"
#include "http/percent.hpp"

#include <algorithm>

namespace {

using namespace mortise;
using mortise::fuzz::claim;

bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") {
            return true;
        }
        path.remove_prefix(segment.size());
    }
    return false;
}

void claim_normal(const http::target& target, base::arena& memory) {
    const auto path = target.path;
    claim(path.starts_with('/'), "a path begins with a slash");
    claim(!has_dot_segment(path), "no dot segment is left");
    claim(http::is_percent_encoded(path), "every escape is whole");
    claim(path.find('?') == path.npos && path.find('#') == path.npos, "a path is only a path");
    const auto decoded = http::percent_decode(path, memory);
    claim(decoded.find('\0') == decoded.npos, "no NUL comes out of a path");
    http::target again;
    claim(http::read_target(path, http::method::get, memory, again) == nullptr,
          "a normal path is a target");
    claim(again.path == path, "a normal path stays as it is");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const bool visible = std::all_of(
        text.begin(), text.end(), [](char byte) { return base::is_of(byte, base::target_byte); });
    if (text.empty() || !visible) {
        return 0; // the tokenizer lets no such target through
    }
    for (const auto method : {http::method::get, http::method::options}) {
        base::arena memory;
        http::target target;
        const auto* const why = http::read_target(text, method, memory, target);
        if (why != nullptr) {
            claim(why->status == 400, "a bad target is a bad request");
        } else if (target.path == "*") {
            claim(method == http::method::options, "* is for OPTIONS alone");
        } else {
            claim_normal(target, memory);
        }
    }
    return 0;
}
