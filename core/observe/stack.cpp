// SPDX-License-Identifier: BSL-1.0
// Unwinding by the C library, and names from ELF symbol tables.
#include "observe/stack.hpp"

#include "base/elf.hpp"
#include "base/pen.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

namespace mortise::observe {

namespace {

void* program_counter(const void* signal_context) noexcept {
    const auto& context = static_cast<const ucontext_t*>(signal_context)->uc_mcontext;
#if defined(__x86_64__)
    return reinterpret_cast<void*>(context.gregs[REG_RIP]);
#elif defined(__aarch64__)
    return reinterpret_cast<void*>(context.pc);
#else
#error "say where this machine's program counter is"
#endif
}

// A whole file in memory, for reading.
class mapped_file {
public:
    explicit mapped_file(const char* path) noexcept {
        const int file = ::open(path, O_RDONLY | O_CLOEXEC);
        struct stat about {};
        if (file >= 0 && ::fstat(file, &about) == 0 && about.st_size > 0) {
            const auto size = static_cast<std::size_t>(about.st_size);
            void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
            if (mapped != MAP_FAILED) {
                bytes_ = {static_cast<const std::byte*>(mapped), size};
            }
        }
        if (file >= 0) {
            ::close(file);
        }
    }
    mapped_file(const mapped_file&) = delete;
    mapped_file& operator=(const mapped_file&) = delete;
    ~mapped_file() {
        if (!bytes_.empty()) {
            ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
        }
    }

    base::elf::bytes bytes() const noexcept { return bytes_; }

private:
    std::span<const std::byte> bytes_;
};

struct named_place {
    std::string_view name; // ends with a NUL; empty: none is known
    std::uint64_t offset = 0;
};

// The function at `address` of the symbols in one section.
named_place find_function(base::elf::bytes file, std::span<const ElfW(Shdr)> sections,
                          const ElfW(Shdr) & table, std::uint64_t address) noexcept {
    if (table.sh_link >= sections.size()) {
        return {};
    }
    const auto& names_section = sections[table.sh_link];
    const auto names = base::elf::part_of(file, names_section.sh_offset, names_section.sh_size);
    for (const auto& symbol : base::elf::array<ElfW(Sym)>(
             file, table.sh_offset, names ? table.sh_size / sizeof(ElfW(Sym)) : 0)) {
        const bool is_function =
            ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF;
        if (is_function && address >= symbol.st_value &&
            address - symbol.st_value < symbol.st_size) {
            return {base::elf::text(*names, symbol.st_name), address - symbol.st_value};
        }
    }
    return {};
}

named_place find_function(base::elf::bytes file, std::uint64_t address) noexcept {
    const auto header = base::elf::read<ElfW(Ehdr)>(file, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return {};
    }
    const auto sections = base::elf::array<ElfW(Shdr)>(file, header->e_shoff, header->e_shnum);
    for (const auto kind : {ElfW(Word){SHT_SYMTAB}, ElfW(Word){SHT_DYNSYM}}) {
        for (const auto& section : sections) {
            if (section.sh_type != kind) {
                continue;
            }
            if (const auto found = find_function(file, sections, section, address);
                !found.name.empty()) {
                return found;
            }
        }
    }
    return {};
}

void write_name(base::bounded_pen& out, const named_place& found, bool is_calm) noexcept {
    char* source = nullptr;
    if (is_calm) {
        int result = 0;
        source = abi::__cxa_demangle(found.name.data(), nullptr, nullptr, &result);
    }
    out << (source != nullptr ? std::string_view{source} : found.name);
    std::free(source);
    (out << "+0x").write(found.offset, 16) << " in ";
}

} // namespace

void stack::prepare() noexcept {
    std::array<void*, 2> frames;
    ::backtrace(frames.data(), static_cast<int>(frames.size()));
}

// The handler's own frames, and the one by which the kernel called it, are left out.
stack stack::take(const void* signal_context) noexcept {
    stack taken;
    const int count = ::backtrace(taken.frames_.data(), max_frames);
    taken.size_ = static_cast<std::size_t>(std::max(count, 0));
    const auto all = std::span{taken.frames_}.first(taken.size_);
    if (signal_context == nullptr) {
        return taken;
    }
    void* const met = program_counter(signal_context);
    const auto first = std::ranges::find(all, met);
    if (first != all.end()) {
        std::ranges::copy(first, all.end(), all.begin());
        taken.size_ -= static_cast<std::size_t>(first - all.begin());
    } else { // a jump into nowhere: no frame is known but this
        taken.frames_[0] = met;
        taken.size_ = 1;
    }
    return taken;
}

std::string_view describe_address(const void* address, std::span<char> room,
                                  bool is_calm) noexcept {
    base::bounded_pen out{room};
    dl_find_object object{};
    const auto number = reinterpret_cast<std::uintptr_t>(address);
    if (::_dl_find_object(const_cast<void*>(address), &object) != 0) {
        (out << "0x").write(number, 16);
        return out.text();
    }
    const link_map& module = *object.dlfo_link_map;
    const char* const path =
        module.l_name == nullptr || *module.l_name == '\0' ? "/proc/self/exe" : module.l_name;
    const std::uint64_t place = number - module.l_addr;
    const mapped_file file{path};
    if (const auto found = find_function(file.bytes(), place); !found.name.empty()) {
        write_name(out, found, is_calm);
    }
    (out << path << "+0x").write(place, 16);
    return out.text();
}

} // namespace mortise::observe
