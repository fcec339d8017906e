// SPDX-License-Identifier: BSL-1.0
// Whether a plugin is one that this SDK's hosts would load: its version, its note.
#pragma once

#include <mortise/abi/plugin.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/testing/failure.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <link.h>
#include <optional>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Until 1.0 only the same version agrees, from then on each of the same major version.
constexpr bool is_same_abi(std::uint32_t left, std::uint32_t right) noexcept {
    return left >> 16 == 0 ? left == right : left >> 16 == right >> 16;
}

// Throws load_error, naming `plugin`, where the exported object is for another border.
inline void judge(const struct mortise_plugin& exported, const std::string& plugin) {
    if (!is_same_abi(exported.abi_version, MORTISE_ABI_VERSION)) {
        throw load_error{plugin + " is built for ABI " +
                         mortise::detail::abi_version_text(exported.abi_version) +
                         ", but this host speaks ABI " +
                         mortise::detail::abi_version_text(MORTISE_ABI_VERSION)};
    }
    if (exported.size < sizeof exported) {
        throw load_error{plugin + ": its mortise_plugin has a size of " +
                         std::to_string(exported.size) + " bytes, this host's has " +
                         std::to_string(sizeof exported)};
    }
    if (exported.id == nullptr || exported.version == nullptr || exported.create == nullptr ||
        exported.configure == nullptr) {
        throw load_error{plugin + " has no id, version, create or configure"};
    }
}

// The first note named "Mortise" in [at, end): each is a head of three words, then name and
// descriptor, both padded to four bytes.
inline std::optional<mortise_note> find_note(const char* at, const char* end) {
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        ElfW(Nhdr) head;
        std::memcpy(&head, at, sizeof head);
        if (std::string_view{at + sizeof head, head.n_namesz} == std::string_view{"Mortise", 8} &&
            head.n_descsz == 132) {
            mortise_note note;
            std::memcpy(&note, at, sizeof note);
            return note;
        }
        at += sizeof head + ((head.n_namesz + 3U) & ~3U) + ((head.n_descsz + 3U) & ~3U);
    }
    return std::nullopt;
}

// The note of a library that is mapped.
inline std::optional<mortise_note> find_note(const std::filesystem::path& file) {
    struct search {
        const std::string& path;
        std::optional<mortise_note> found;
    };
    search looking{file.native(), std::nullopt};
    const auto visit = [](dl_phdr_info* library, std::size_t, void* argument) {
        auto& wanted = *static_cast<search*>(argument);
        for (int at = 0; library->dlpi_name == wanted.path && at != library->dlpi_phnum; ++at) {
            const auto& part = library->dlpi_phdr[at];
            if (part.p_type == PT_NOTE && !wanted.found) {
                const auto* const begin =
                    reinterpret_cast<const char*>(library->dlpi_addr + part.p_vaddr);
                wanted.found = find_note(begin, begin + part.p_memsz);
            }
        }
        return library->dlpi_name == wanted.path ? 1 : 0;
    };
    ::dl_iterate_phdr(visit, &looking);
    return looking.found;
}

// Empty: the note agrees with the exported object.
inline std::string judge(const std::optional<mortise_note>& note,
                         const struct mortise_plugin& exported) {
    if (!note) {
        return "it has no note; MORTISE_PLUGIN writes it, in C MORTISE_NOTE does";
    }
    if (note->abi_version != exported.abi_version || std::string_view{note->id} != exported.id ||
        std::string_view{note->version} != exported.version) {
        return std::string{"its note says "} + note->id + " " + note->version +
               ", its exported object says " + exported.id + " " + exported.version;
    }
    return {};
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
