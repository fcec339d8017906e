// SPDX-License-Identifier: BSL-1.0
// Boost.JSON, compiled in this file alone.
#include "documents.hpp"

#include <boost/json/src.hpp>

namespace json = boost::json;

namespace {

constexpr std::size_t most_title = 200;
constexpr std::size_t most_text = 10'000;

json::object to_value(const note& written) {
    return {{"id", written.id}, {"title", written.content.title}, {"text", written.content.text}};
}

// Takes the member out of the object; a fault goes into `faults`.
std::string take(json::object& from, std::string_view name, std::size_t least, std::size_t most,
                 std::vector<problem::member>& faults) {
    std::string taken;
    const std::string pointer = "/" + std::string{name};
    const auto found = from.find(name);
    if (found == from.end()) {
        faults.push_back({pointer, "is missing"});
        return taken;
    }
    if (const auto* const text = found->value().if_string()) {
        taken = std::string_view{*text};
        if (taken.size() < least || taken.size() > most) {
            faults.push_back({pointer, "must have from " + std::to_string(least) + " to " +
                                           std::to_string(most) + " bytes"});
        }
    } else {
        faults.push_back({pointer, "must be a string"});
    }
    from.erase(found);
    return taken;
}

} // namespace

std::string to_json(const note& written) {
    return json::serialize(to_value(written)) + '\n';
}

std::string to_json(const std::vector<note>& written) {
    json::array all;
    for (const note& each : written) {
        all.push_back(to_value(each));
    }
    return json::serialize(all) + '\n';
}

std::string to_json(const problem& written) {
    json::object document{{"title", written.title}, {"status", written.status}};
    if (!written.members.empty()) {
        json::array members;
        for (const auto& [pointer, detail] : written.members) {
            members.push_back({{"pointer", pointer}, {"detail", detail}});
        }
        document["errors"] = std::move(members);
    }
    return json::serialize(document) + '\n';
}

draft read_draft(std::string_view text) {
    json::error_code failed;
    json::value document = json::parse(text, failed);
    if (failed) {
        throw problem{400, "The content is no JSON: " + failed.message()};
    }
    auto* const members = document.if_object();
    if (members == nullptr) {
        throw problem{422, "A note is an object with title and text"};
    }
    std::vector<problem::member> faults;
    draft read{take(*members, "title", 1, most_title, faults),
               take(*members, "text", 0, most_text, faults)};
    for (const auto& other : *members) {
        faults.push_back({"/" + std::string{other.key()}, "is not known"});
    }
    if (!faults.empty()) {
        throw problem{422, "The note has faults", std::move(faults)};
    }
    return read;
}
