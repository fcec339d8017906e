// SPDX-License-Identifier: BSL-1.0
// The environment and systemd's credentials.
#include "config/substitution.hpp"

#include "base/ascii.hpp"
#include "config/secret.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace mortise::config {

namespace {

constexpr std::string_view credential_mark = "credential:";
constexpr std::size_t largest_credential = std::size_t{1024} * 1024; // systemd.exec(5)

// Letters, digits, _ . and -: nothing that leads out of a directory.
bool is_name(std::string_view text) noexcept {
    return !text.empty() && text.front() != '.' && std::ranges::all_of(text, [](char octet) {
        return octet == '_' || (base::is_of(octet, base::unreserved_byte) && octet != '~');
    });
}

std::string read_credential(const std::string& name, substitution& to) {
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        to.fault = "${credential:" + name +
                   "} is asked for, and $CREDENTIALS_DIRECTORY is not "
                   "set; run under systemd with LoadCredential=" +
                   name + ":FILE";
        return {};
    }
    const auto file = std::filesystem::path{folder} / name;
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        to.fault = "there is no credential " + name + " in " + folder +
                   "; name it in the unit by "
                   "LoadCredential=" +
                   name + ":FILE";
        return {};
    }
    std::ifstream from;
    if (std::filesystem::is_regular_file(file, error)) {
        from.open(file, std::ios::binary);
    }
    if (!from.is_open()) {
        to.fault = "the credential " + name + " in " + folder +
                   " cannot be read; let it be a file that the host's user may read";
        return {};
    }
    std::string text(largest_credential + 1, '\0');
    from.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(from.gcount()));
    if (text.size() > largest_credential) {
        to.fault = "the credential " + name + " in " + folder + " is larger than 1 MiB";
        return {};
    }
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    to.has_secret = true;
    return text;
}

std::string read_variable(const std::string& name, substitution& to) {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) {
        to.fault = "the environment has no " + name + "; set it, or write $${ for a plain ${";
        return {};
    }
    to.has_secret = to.has_secret || sounds_secret(name);
    return value;
}

} // namespace

substitution substitute(std::string_view written) {
    substitution made;
    while (made.fault.empty()) {
        const auto at = written.find("${");
        if (at != written.npos && at > 0 && written[at - 1] == '$') {
            made.text += written.substr(0, at - 1);
            made.text += "${";
            made.is_replaced = true;
            written.remove_prefix(at + 2);
            continue;
        }
        made.text += written.substr(0, at);
        if (at == written.npos) {
            break;
        }
        const auto end = written.find('}', at);
        const auto inside = written.substr(at + 2, end == written.npos ? 0 : end - at - 2);
        const bool is_credential = inside.starts_with(credential_mark);
        const std::string name{is_credential ? inside.substr(credential_mark.size()) : inside};
        if (!is_name(name)) {
            made.fault = "\"" + std::string{written.substr(at, 32)} +
                         "\" is no name; write ${NAME}, ${credential:NAME}, or $${ for a plain ${";
            break;
        }
        made.is_replaced = true;
        made.text += is_credential ? read_credential(name, made) : read_variable(name, made);
        written.remove_prefix(end + 1);
    }
    return made;
}

} // namespace mortise::config
