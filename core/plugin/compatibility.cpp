// SPDX-License-Identifier: BSL-1.0
// The rule by which two versions of the border agree, and the sentence where they do not.
#include "plugin/compatibility.hpp"

namespace mortise::plugin {
namespace {

constexpr std::uint32_t major_of(std::uint32_t version) noexcept {
    return version >> 16;
}

constexpr bool agree(std::uint32_t plugin, std::uint32_t host) noexcept {
    return major_of(host) == 0 ? plugin == host : major_of(plugin) == major_of(host);
}

} // namespace

std::string abi_version_text(std::uint32_t version) {
    return std::to_string(major_of(version)) + "." + std::to_string(version & 0xffff);
}

std::optional<fault> judge_compatibility(std::uint32_t plugin, std::uint32_t host) {
    if (agree(plugin, host)) {
        return std::nullopt;
    }
    return fault{"is built for ABI " + abi_version_text(plugin) + ", but this host speaks ABI " +
                     abi_version_text(host),
                 plugin < host ? "rebuild it with the SDK of this host"
                               : "update the host, or rebuild it with the SDK of this host"};
}

} // namespace mortise::plugin
