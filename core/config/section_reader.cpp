// SPDX-License-Identifier: BSL-1.0
// Kinds of values, and what is said of those that do not fit.
#include "config/section_reader.hpp"

#include "config/nearest.hpp"
#include "config/secret.hpp"
#include "config/substitution.hpp"

#include <algorithm>
#include <utility>

namespace mortise::config {

namespace {

std::string_view name_of(node::kind kind) {
    switch (kind) {
    case node::kind::text:
        return "text";
    case node::kind::whole:
        return "a whole number";
    case node::kind::real:
        return "a number with a fraction";
    case node::kind::truth:
        return "true or false";
    case node::kind::moment:
        return "a date or a time";
    case node::kind::list:
        return "a list";
    case node::kind::table:
        break;
    }
    return "a table";
}

std::string_view cure_of(form wanted) {
    switch (wanted) {
    case form::text:
        return "write it in quotes";
    case form::whole:
        return "write a whole number, without quotes";
    case form::truth:
        return "write true or false, without quotes";
    case form::texts:
        break;
    }
    return "write a list, [\"…\", \"…\"]";
}

bool fits(node::kind kind, form wanted) noexcept {
    return (kind == node::kind::text && wanted == form::text) ||
           (kind == node::kind::whole && wanted == form::whole) ||
           (kind == node::kind::truth && wanted == form::truth) ||
           (kind == node::kind::list && wanted == form::texts);
}

} // namespace

std::optional<std::vector<std::string>> section_reader::texts_of(const node& value,
                                                                 const std::string& name,
                                                                 std::span<const form> takes,
                                                                 bool is_path) {
    is_replaced_ = false;
    is_hidden_ = false;
    if (std::ranges::none_of(takes, [&](form each) { return fits(value.is, each); })) {
        refuse(value.at, name + " is " + std::string{name_of(value.is)},
               std::string{cure_of(takes.front())});
        return std::nullopt;
    }
    std::vector<std::string> texts;
    const auto take = [&](const node& from) {
        if (from.is != node::kind::text) {
            texts.push_back(from.text);
            return true;
        }
        auto replaced = substitute(from.text);
        if (!replaced.fault.empty()) {
            refuse(from.at, name + ": " + replaced.fault, {});
            return false;
        }
        is_replaced_ = is_replaced_ || replaced.is_replaced;
        is_hidden_ = is_hidden_ || replaced.has_secret;
        if (is_path && !replaced.text.empty()) {
            replaced.text = std::filesystem::path{from.at.file}.parent_path() / replaced.text;
        }
        texts.push_back(std::move(replaced.text));
        return true;
    };
    if (value.is != node::kind::list) {
        return take(value) ? std::optional{std::move(texts)} : std::nullopt;
    }
    for (const auto& each : value.items) {
        if (each.is != node::kind::text) {
            refuse(each.at, name + " holds " + std::string{name_of(each.is)},
                   std::string{cure_of(form::text)});
            return std::nullopt;
        }
        if (!take(each)) {
            return std::nullopt;
        }
    }
    return texts;
}

bool section_reader::is_table(const member& from, const std::string& name) {
    if (from.value.is == node::kind::table) {
        return true;
    }
    refuse(from.value.at, name + " is " + std::string{name_of(from.value.is)},
           "write a table, [" + name + "]");
    return false;
}

bool section_reader::is_first(const member& from, const std::string& name) {
    const auto [known, is_new] =
        to_.from.emplace(name, origin{from.value.at, from.value.text, is_replaced_, is_hidden_});
    if (!is_new) {
        refuse(from.at, name + " is set already at " + known->second.at.text(), "set it once");
    }
    return is_new;
}

// What is wrong with a value, without the value where it is a secret.
std::string section_reader::legible(std::string bad, std::span<const std::string> texts) const {
    for (const auto& each : texts) {
        for (auto at = bad.find(each); is_hidden_ && !each.empty() && at != bad.npos;
             at = bad.find(each, at + hidden_text.size())) {
            bad.replace(at, each.size(), hidden_text);
        }
    }
    return bad;
}

void section_reader::refuse(const place& at, const std::string& what, const std::string& cure) {
    to_.faults.push_back({at, what, cure});
}

void section_reader::refuse_unknown(const member& from, const std::string& name,
                                    std::span<const std::string> known) {
    refuse(from.at, name + " is no key", advice(from.name, known));
}

} // namespace mortise::config
