// SPDX-License-Identifier: BSL-1.0
// Reading a library's dynamic section, symbols and version needs.
#include "plugin/hazards.hpp"

#include "base/elf.hpp"
#include "base/hex.hpp"

#include <mortise/abi/plugin.h>

#include <algorithm>
#include <dlfcn.h>
#include <elf.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <link.h>
#include <optional>
#include <set>
#include <utility>

namespace mortise::plugin {
namespace {

namespace elf = base::elf;

// A file as its section table tells it.
class image {
public:
    explicit image(elf::bytes file) noexcept : file_{file} {
        if (const auto header = elf::read<Elf64_Ehdr>(file, 0)) {
            header_ = *header;
            sections_ = elf::array<Elf64_Shdr>(file, header->e_shoff, header->e_shnum);
        }
    }

    bool has_sections() const noexcept { return !sections_.empty(); }

    // The first section of the kind; null: there is none.
    const Elf64_Shdr* find(Elf64_Word kind) const noexcept {
        const auto found = std::ranges::find(sections_, kind, &Elf64_Shdr::sh_type);
        return found != sections_.end() ? &*found : nullptr;
    }
    elf::bytes content(const Elf64_Shdr& section) const noexcept {
        return elf::part_of(file_, section.sh_offset, section.sh_size).value_or(elf::bytes{});
    }
    // The string table that a section's names are in.
    elf::bytes names_of(const Elf64_Shdr& section) const noexcept {
        return section.sh_link < sections_.size() ? content(sections_[section.sh_link])
                                                  : elf::bytes{};
    }
    template <class Entry>
    std::span<const Entry> entries(const Elf64_Shdr& section) const noexcept {
        return elf::array<Entry>(file_, section.sh_offset, section.sh_size / sizeof(Entry));
    }
    std::span<const Elf64_Phdr> segments() const noexcept {
        return elf::array<Elf64_Phdr>(file_, header_.e_phoff, header_.e_phnum);
    }

private:
    elf::bytes file_;
    Elf64_Ehdr header_{};
    std::span<const Elf64_Shdr> sections_;
};

struct symbol {
    std::string_view name;
    unsigned char binding;
    bool is_defined;
};

std::vector<symbol> dynamic_symbols(const image& of) {
    std::vector<symbol> symbols;
    if (const auto* const table = of.find(SHT_DYNSYM)) {
        const auto names = of.names_of(*table);
        for (const auto& each : of.entries<Elf64_Sym>(*table)) {
            const auto binding = static_cast<unsigned char>(ELF64_ST_BIND(each.st_info));
            if (binding != STB_LOCAL) {
                symbols.push_back(
                    {elf::text(names, each.st_name), binding, each.st_shndx != SHN_UNDEF});
            }
        }
    }
    return symbols;
}

std::string first_of(const std::vector<std::string_view>& names) {
    return std::string{names.front()} +
           (names.size() > 1 ? " and " + std::to_string(names.size() - 1) + " more" : "");
}

constexpr auto export_cure =
    "build it by mortise_add_plugin(), or link it with a version script that exports " //
    MORTISE_PLUGIN_SYMBOL " alone";

void judge_exports(const std::vector<symbol>& symbols, std::vector<hazard>& found) {
    std::vector<std::string_view> unique;
    std::vector<std::string_view> extra;
    for (const auto& each : symbols) {
        if (each.is_defined && each.binding == STB_GNU_UNIQUE) {
            unique.push_back(each.name);
        } else if (each.is_defined && each.name != MORTISE_PLUGIN_SYMBOL) {
            extra.push_back(each.name);
        }
    }
    if (!unique.empty()) {
        found.push_back({"unique-symbols",
                         true,
                         {"has unique symbols (" + first_of(unique) +
                              "): its generations share them, and the first one stays mapped",
                          export_cure}});
    }
    if (!extra.empty()) {
        found.push_back(
            {"extra-exports",
             true,
             {"exports more than " MORTISE_PLUGIN_SYMBOL ": " + first_of(extra), export_cure}});
    }
}

void judge_needs(const std::vector<symbol>& symbols, std::vector<hazard>& found) {
    const auto uses = [&](std::string_view name, unsigned char binding) {
        return std::ranges::any_of(symbols, [&](const auto& each) {
            return !each.is_defined && each.name == name && each.binding == binding;
        });
    };
    const bool is_weak =
        !uses("__cxa_thread_atexit", STB_GLOBAL) && !uses("__cxa_thread_atexit_impl", STB_GLOBAL);
    if (!is_weak || uses("__cxa_thread_atexit_impl", STB_WEAK)) {
        found.push_back(
            {"thread-local-destructors",
             !is_weak,
             {is_weak ? "may have thread_locals with destructors (its language's library "
                        "can): touched on a loop, these keep it mapped"
                      : "has thread_locals with destructors: touched on a loop, these keep "
                        "it mapped",
              "keep what each loop needs in what loop_start gives back"}});
    }
    for (const auto* const starter : {"pthread_create", "thrd_create",
                                      "_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_"
                                      "StateESt14default_deleteIS1_EEPFvvE"}) {
        if (uses(starter, STB_GLOBAL)) {
            found.push_back({"threads",
                             false,
                             {"starts threads of its own: those that run on keep it from leaving",
                              "use offload, or end and join them in quiesce or destroy"}});
            break;
        }
    }
}

void judge_dynamic(const image& of, std::vector<hazard>& found) {
    const auto* const section = of.find(SHT_DYNAMIC);
    if (section == nullptr) {
        return;
    }
    const auto names = of.names_of(*section);
    for (const auto& each : of.entries<Elf64_Dyn>(*section)) {
        const auto value = each.d_un.d_val;
        if (each.d_tag == DT_FLAGS && (value & DF_STATIC_TLS) != 0) {
            found.push_back(
                {"static-tls",
                 true,
                 {"has thread-locals of the initial-exec model: the process runs out of "
                  "room for them after some reloads",
                  "compile it with -fPIC, and without -ftls-model"}});
        }
        if (each.d_tag == DT_FLAGS_1 && (value & DF_1_NODELETE) != 0) {
            found.push_back(
                {"nodelete",
                 true,
                 {"is never unmapped: it is linked so", "link it without -z nodelete"}});
        }
        if (each.d_tag == DT_RPATH || each.d_tag == DT_RUNPATH) {
            found.push_back({"rpath",
                             true,
                             {"looks for its libraries in " + std::string{elf::text(names, value)} +
                                  ": who can write there decides what code runs here",
                              "link it without -rpath"}});
        }
        if (each.d_tag == DT_TEXTREL || (each.d_tag == DT_FLAGS && (value & DF_TEXTREL) != 0)) {
            found.push_back(
                {"text-relocations",
                 true,
                 {"has code that is written to when it is loaded", "compile it with -fPIC"}});
        }
    }
}

void judge_segments(const image& of, std::vector<hazard>& found) {
    for (const auto& each : of.segments()) {
        if (each.p_type == PT_GNU_STACK && (each.p_flags & PF_X) != 0) {
            found.push_back({"executable-stack",
                             true,
                             {"wants the stacks of the whole process to be executable",
                              "link it with -z noexecstack"}});
        }
    }
}

// The versions that a loaded library defines; nothing where it is not loaded.
std::optional<std::set<std::string, std::less<>>> versions_of(const std::string& library) {
    void* const handle = ::dlopen(library.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    const link_map* loaded = nullptr;
    if (handle == nullptr || ::dlinfo(handle, RTLD_DI_LINKMAP, &loaded) != 0) {
        return std::nullopt;
    }
    std::ifstream from{loaded->l_name, std::ios::binary};
    const std::vector<char> file{std::istreambuf_iterator<char>{from}, {}};
    ::dlclose(handle);
    const image its{std::as_bytes(std::span{file})};
    const auto* const section = its.find(SHT_GNU_verdef);
    std::set<std::string, std::less<>> versions;
    if (section == nullptr) {
        return versions;
    }
    const auto names = its.names_of(*section);
    const auto content = its.content(*section);
    for (std::uint64_t at = 0;;) {
        const auto definition = elf::read<Elf64_Verdef>(content, at);
        const auto name =
            definition ? elf::read<Elf64_Verdaux>(content, at + definition->vd_aux) : std::nullopt;
        if (!name) {
            break;
        }
        versions.emplace(elf::text(names, name->vda_name));
        if (definition->vd_next == 0) {
            break;
        }
        at += definition->vd_next;
    }
    return versions;
}

void judge_versions(const image& of, std::vector<hazard>& found) {
    const auto* const section = of.find(SHT_GNU_verneed);
    if (section == nullptr) {
        return;
    }
    const auto names = of.names_of(*section);
    const auto content = of.content(*section);
    for (std::uint64_t at = 0;;) {
        const auto need = elf::read<Elf64_Verneed>(content, at);
        if (!need) {
            return;
        }
        const std::string library{elf::text(names, need->vn_file)};
        const auto has = versions_of(library);
        std::uint64_t name_at = at + need->vn_aux;
        for (unsigned count = 0; has && count < need->vn_cnt; ++count) {
            const auto wanted = elf::read<Elf64_Vernaux>(content, name_at);
            if (!wanted) {
                return;
            }
            const std::string version{elf::text(names, wanted->vna_name)};
            if (!has->contains(version)) {
                found.push_back({"newer-library",
                                 true,
                                 {"needs " + version + " of " + library +
                                      ", which this machine's does not have",
                                  "build it on the oldest system that it shall run on"}});
            }
            name_at += wanted->vna_next;
        }
        if (need->vn_next == 0) {
            return;
        }
        at += need->vn_next;
    }
}

} // namespace

std::vector<hazard> find_hazards(std::span<const std::byte> file) {
    const image of{file};
    std::vector<hazard> found;
    if (!of.has_sections()) {
        found.push_back({"no-sections",
                         true,
                         {"has no section table, so that little can be seen of it",
                          "strip it by strip, which leaves that"}});
        return found;
    }
    const auto symbols = dynamic_symbols(of);
    judge_exports(symbols, found);
    judge_needs(symbols, found);
    judge_dynamic(of, found);
    judge_segments(of, found);
    judge_versions(of, found);
    return found;
}

file_facts read_facts(std::span<const std::byte> file) {
    const image of{file};
    file_facts facts;
    if (const auto* const section = of.find(SHT_DYNAMIC)) {
        const auto names = of.names_of(*section);
        for (const auto& each : of.entries<Elf64_Dyn>(*section)) {
            if (each.d_tag == DT_NEEDED) {
                facts.libraries.emplace_back(elf::text(names, each.d_un.d_val));
            }
        }
    }
    const std::string_view all{reinterpret_cast<const char*>(file.data()), file.size()};
    constexpr std::string_view prefix = "mortise.";
    std::set<std::string> extensions;
    for (auto at = all.find(prefix); at != all.npos; at = all.find(prefix, at + 1)) {
        const auto name_end =
            all.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at + prefix.size());
        if (name_end == all.npos || all[name_end] != '/' || name_end == at + prefix.size()) {
            continue;
        }
        const auto end = all.find_first_not_of("0123456789", name_end + 1);
        if (end != all.npos && end > name_end + 1) {
            extensions.emplace(all.substr(at, end - at));
        }
    }
    facts.extensions.assign(extensions.begin(), extensions.end());
    for (const auto& segment : of.segments()) {
        const auto note = elf::part_of(file, segment.p_offset, segment.p_filesz);
        const auto head = note ? elf::read<Elf64_Nhdr>(*note, 0) : std::nullopt;
        if (segment.p_type != PT_NOTE || !head || head->n_type != NT_GNU_BUILD_ID ||
            head->n_namesz != sizeof ELF_NOTE_GNU) {
            continue;
        }
        const auto id = elf::part_of(*note, sizeof *head + sizeof ELF_NOTE_GNU, head->n_descsz);
        for (const std::byte each : id.value_or(elf::bytes{})) {
            facts.build_id += base::hex_digits[std::to_integer<unsigned>(each) >> 4];
            facts.build_id += base::hex_digits[std::to_integer<unsigned>(each) & 15];
        }
    }
    return facts;
}

} // namespace mortise::plugin
