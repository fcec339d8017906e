// SPDX-License-Identifier: BSL-1.0
// The strict reader of a plugin's file: ELF header, program headers, notes.
#include "plugin/identity.hpp"

#include "base/ascii.hpp"
#include "base/elf.hpp"

#include <mortise/abi/plugin.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <elf.h>
#include <optional>

namespace mortise::plugin {
namespace {

using base::elf::bytes;
using base::elf::part_of;
using base::elf::read;

constexpr unsigned char this_order =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
#if defined(__x86_64__)
constexpr Elf64_Half this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half this_machine = EM_AARCH64;
#else
#error "name this machine's ELF number"
#endif

fault truncated(std::string_view part) {
    return {"is truncated: its " + std::string{part} + " lies beyond the end of the file",
            "copy or build it again"};
}
fault not_elf() {
    return {"is not an ELF file", "put only shared libraries named *.so here"};
}
fault bad_note(std::string_view why) {
    return {"has a bad Mortise note: " + std::string{why}, "rebuild it with the SDK"};
}

judged<Elf64_Ehdr> read_header(bytes file) {
    const auto mark = part_of(file, 0, EI_NIDENT);
    if (!mark || std::memcmp(mark->data(), ELFMAG, SELFMAG) != 0) {
        return not_elf();
    }
    const auto header = read<Elf64_Ehdr>(file, 0);
    if (std::to_integer<unsigned char>((*mark)[EI_CLASS]) != ELFCLASS64 ||
        std::to_integer<unsigned char>((*mark)[EI_DATA]) != this_order ||
        (header && header->e_machine != this_machine)) {
        return fault{"is built for another machine", "build it for this one"};
    }
    if (!header) {
        return truncated("ELF header");
    }
    if (header->e_type != ET_DYN) {
        return fault{"is an ELF file but no shared library", "link it as a shared library"};
    }
    return *header;
}

// A file that stops early would end the process when its missing pages are touched.
std::optional<fault> judge_extent(bytes file, const Elf64_Ehdr& header) {
    if (header.e_phnum == 0 || header.e_phnum == PN_XNUM ||
        header.e_phentsize != sizeof(Elf64_Phdr)) {
        return fault{"has no usable program headers", "build it again"};
    }
    if (!part_of(file, header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr))) {
        return truncated("program header table");
    }
    if (header.e_shoff != 0 &&
        !part_of(file, header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize)) {
        return truncated("section table");
    }
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        const auto segment = read<Elf64_Phdr>(file, header.e_phoff + i * sizeof(Elf64_Phdr));
        if (segment->p_type != PT_NULL && segment->p_type != PT_GNU_STACK &&
            !part_of(file, segment->p_offset, segment->p_filesz)) {
            return truncated("segment " + std::to_string(i));
        }
    }
    return std::nullopt;
}

// The text of a fixed room that must end in NUL.
template <std::size_t Size>
std::optional<std::string> text_of(const char (&room)[Size]) {
    const void* const end = std::memchr(room, '\0', Size);
    if (end == nullptr) {
        return std::nullopt;
    }
    return std::string{room, static_cast<const char*>(end)};
}

bool is_version(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
        return base::is_of(byte, base::target_byte); // visible ASCII
    });
}

judged<identity> read_descriptor(bytes descriptor) {
    constexpr std::size_t start = offsetof(mortise_note, abi_version);
    mortise_note note{};
    if (descriptor.size() < sizeof note - start) {
        return bad_note("it is too short");
    }
    std::memcpy(reinterpret_cast<char*>(&note) + start, descriptor.data(), sizeof note - start);
    auto id = text_of(note.id);
    auto version = text_of(note.version);
    if (!id || !is_plugin_id(*id)) {
        return bad_note("its id is not of the form [a-z][a-z0-9-]*");
    }
    if (!version || !is_version(*version)) {
        return bad_note("its version is empty or not printable");
    }
    return identity{note.abi_version, std::move(*id), std::move(*version)};
}

// Walks the notes of one segment; puts the Mortise note's descriptor in `found`.
std::optional<fault> find_note(bytes segment, std::uint64_t align, std::optional<bytes>& found) {
    const auto round_up = [align](std::uint64_t size) { return (size + align - 1) & ~(align - 1); };
    std::uint64_t at = 0;
    while (at < segment.size()) {
        const auto head = read<Elf64_Nhdr>(segment, at);
        if (!head) {
            return truncated("note");
        }
        const auto name = part_of(segment, at + sizeof *head, head->n_namesz);
        const std::uint64_t descriptor_at = round_up(at + sizeof *head + head->n_namesz);
        const auto descriptor = part_of(segment, descriptor_at, head->n_descsz);
        if (!name || !descriptor) {
            return truncated("note");
        }
        if (name->size() == sizeof MORTISE_NOTE_NAME && head->n_type == MORTISE_NOTE_TYPE &&
            std::memcmp(name->data(), MORTISE_NOTE_NAME, sizeof MORTISE_NOTE_NAME) == 0) {
            if (found) {
                return bad_note("there are two");
            }
            found = *descriptor;
        }
        at = round_up(descriptor_at + head->n_descsz);
    }
    return std::nullopt;
}

} // namespace

bool is_plugin_id(std::string_view text) noexcept {
    const auto is_lower = [](char octet) { return octet >= 'a' && octet <= 'z'; };
    if (text.empty() || text.size() > 63 || !is_lower(text.front())) {
        return false;
    }
    for (const char octet : text) {
        if (!is_lower(octet) && octet != '-' && (octet < '0' || octet > '9')) {
            return false;
        }
    }
    return true;
}

judged<identity> read_identity(std::span<const std::byte> file) {
    const auto header = read_header(file);
    if (!header) {
        return header.error();
    }
    if (auto bad = judge_extent(file, *header)) {
        return std::move(*bad);
    }
    std::optional<bytes> descriptor;
    for (unsigned i = 0; i < header->e_phnum; ++i) {
        const auto segment = read<Elf64_Phdr>(file, header->e_phoff + i * sizeof(Elf64_Phdr));
        if (segment->p_type != PT_NOTE) {
            continue;
        }
        const auto notes = part_of(file, segment->p_offset, segment->p_filesz);
        if (auto bad = find_note(*notes, segment->p_align == 8 ? 8 : 4, descriptor)) {
            return std::move(*bad);
        }
    }
    if (!descriptor) {
        return fault{"is no Mortise plugin: it has no Mortise note",
                     "write MORTISE_PLUGIN in one of its sources, or remove it"};
    }
    return read_descriptor(*descriptor);
}

} // namespace mortise::plugin
