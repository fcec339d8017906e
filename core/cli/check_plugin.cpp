// SPDX-License-Identifier: BSL-1.0
// Three looks at a plugin, one after the other, and their words.
#include "cli/check_plugin.hpp"

#include "cli/run.hpp"
#include "config/settings.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/compatibility.hpp"
#include "plugin/hazards.hpp"
#include "server/conformance.hpp"
#include "server/prober.hpp"
#include "server/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise::cli {

namespace {

namespace json = boost::json;
using candidate = plugin::catalogue::candidate;

// What was found, for people line by line as it comes, for programs at the end.
class findings {
public:
    explicit findings(bool is_json) noexcept : is_json_{is_json} {}

    void passed(const std::string& step, const std::string& text) { note("ok", step, text, {}); }
    void caution(const std::string& name, const std::string& text, const std::string& cure) {
        note("caution", name, text, cure);
    }
    void warn(const std::string& name, const std::string& text, const std::string& cure) {
        code_ = std::max(code_, exit_hazards);
        note("hazard", name, text, cure);
    }
    void refuse(const std::string& name, const std::string& text, const std::string& cure) {
        code_ = exit_refused;
        note("refused", name, text, cure);
    }

    bool is_refused() const noexcept { return code_ == exit_refused; }

    int end(const std::filesystem::path& file) const {
        if (is_json_) {
            std::cout << json::serialize(json::object{
                             {"file", file.native()}, {"exit", code_}, {"findings", all_}})
                      << '\n';
        }
        return code_;
    }

private:
    void note(const std::string& kind, const std::string& name, const std::string& text,
              const std::string& cure) {
        if (is_json_) {
            all_.push_back(
                json::object{{"kind", kind}, {"name", name}, {"text", text}, {"cure", cure}});
        } else {
            std::cout << kind << "  " << name << ": " << text
                      << (cure.empty() ? std::string{} : "; " + cure) << std::endl;
        }
    }

    const bool is_json_;
    int code_ = server::exit_clean;
    json::array all_;
};

std::string listed(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& each : texts) {
        all += (all.empty() ? "" : ", ") + each;
    }
    return all.empty() ? "none" : all;
}

std::optional<candidate> judge_file(const std::filesystem::path& file, findings& found) {
    auto judged = plugin::catalogue::judge_file(file);
    if (!judged) {
        found.refuse("file", judged.error().what, judged.error().cure);
        return std::nullopt;
    }
    const auto& note = judged->note;
    found.passed("file", note.id + " " + note.version + ", for ABI " +
                             plugin::abi_version_text(note.abi_version));
    return std::move(*judged);
}

void look_for_hazards(const candidate& judged, findings& found) {
    for (const auto& each : plugin::find_hazards(judged.bytes)) {
        const std::string name{each.name};
        if (each.is_certain) {
            found.warn(name, each.why.what, each.why.cure);
        } else {
            found.caution(name, each.why.what, each.why.cure);
        }
    }
}

void try_it(const candidate& judged, const plugin::configuration& values, findings& found) {
    boost::asio::io_context control;
    server::prober prober{control, config::settings{}.probe_timeout};
    prober.probe(judged, values, [&](const std::optional<plugin::load_error>& bad) {
        if (bad) {
            found.refuse("trial", bad->what, bad->cure);
        } else {
            found.passed("trial", "lives and leaves in a process of its own");
        }
    });
    control.run();
}

void serve_it(const candidate& judged, const plugin::configuration& values, findings& found) {
    const auto result = server::run_conformance(judged, values);
    if (!result.routes.empty()) {
        found.passed("routes", listed(result.routes));
    }
    for (const auto& fault : result.faults) {
        found.warn("conformance", fault, "mend it; docs/abi.md has the rules");
    }
    std::string text = std::to_string(result.requests) + " requests were answered, " +
                       std::to_string(result.failed) + " of them with 5xx; " +
                       std::to_string(result.left) + " clients left; replaced " +
                       std::to_string(result.reloads) + " times";
    if (result.faults.empty()) {
        found.passed("conformance", text);
    }
}

} // namespace

int check_plugin(const std::filesystem::path& file,
                 const std::map<std::string, std::map<std::string, std::string>>& values,
                 bool is_json) {
    findings found{is_json};
    const auto judged = judge_file(file, found);
    if (judged) {
        const auto own = plugin::catalogue::values_for(*judged, values);
        look_for_hazards(*judged, found);
        try_it(*judged, own, found);
        if (!found.is_refused()) {
            serve_it(*judged, own, found);
        }
    }
    return found.end(file);
}

int inspect_plugin(const std::filesystem::path& file, bool is_json) {
    const auto judged = plugin::catalogue::judge_file(file);
    if (!judged) {
        return complain(judged.error().line(), server::exit_failed);
    }
    const auto facts = plugin::read_facts(judged->bytes);
    const auto abi = plugin::abi_version_text(judged->note.abi_version);
    json::array libraries(facts.libraries.begin(), facts.libraries.end());
    json::array extensions(facts.extensions.begin(), facts.extensions.end());
    if (is_json) {
        std::cout << json::serialize(json::object{{"file", file.native()},
                                                  {"id", judged->note.id},
                                                  {"version", judged->note.version},
                                                  {"abi", abi},
                                                  {"size", judged->bytes.size()},
                                                  {"build_id", facts.build_id},
                                                  {"libraries", std::move(libraries)},
                                                  {"extensions", std::move(extensions)}})
                  << '\n';
        return server::exit_clean;
    }
    std::cout << "id: " << judged->note.id << '\n'
              << "version: " << judged->note.version << '\n'
              << "ABI: " << abi << '\n'
              << "size: " << judged->bytes.size() << " bytes\n"
              << "build id: " << (facts.build_id.empty() ? "none" : facts.build_id) << '\n'
              << "libraries: " << listed(facts.libraries) << '\n'
              << "extensions: " << listed(facts.extensions) << '\n';
    return server::exit_clean;
}

} // namespace mortise::cli
