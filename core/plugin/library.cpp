// SPDX-License-Identifier: BSL-1.0
// The one file that knows Boost.DLL, and what it leaves out: the loader's words, and the proof
// that code is gone.
#include "plugin/library.hpp"

#include "plugin/compatibility.hpp"
#include "plugin/sized.hpp"
#include "plugin/stray_thread.hpp"

#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <functional>
#include <link.h>
#include <string>
#include <utility>

namespace mortise::plugin {
namespace {

// What the loader said last on this thread. Boost.DLL's error code is the same for every failure
// of dlopen; its own text is there as long as nobody asked for it.
std::string loader_text(const std::filesystem::path& copy) {
    const char* const said = ::dlerror();
    std::string text = said == nullptr ? "the loader gave no reason" : said;
    if (const std::string prefix = copy.string() + ": "; text.starts_with(prefix)) {
        text.erase(0, prefix.size());
    }
    return text;
}

std::atomic<std::size_t> kept_so_far{0};

bool is_mapped(const std::filesystem::path& file) {
    if (void* const still = ::dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD)) {
        ::dlclose(still);
        return true;
    }
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        if (line.ends_with(file.native())) {
            return true;
        }
    }
    return false;
}

struct code_search {
    const std::string& file;
    std::vector<std::span<const std::byte>> found;
};

int add_code(dl_phdr_info* about, std::size_t, void* of) {
    auto& search = *static_cast<code_search*>(of);
    if (search.file != about->dlpi_name) {
        return 0;
    }
    for (const auto& segment : std::span{about->dlpi_phdr, about->dlpi_phnum}) {
        if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0) {
            const auto begin = about->dlpi_addr + segment.p_vaddr;
            search.found.emplace_back(reinterpret_cast<const std::byte*>(begin), segment.p_memsz);
        }
    }
    return 1;
}

std::vector<std::span<const std::byte>> code_of(const std::filesystem::path& file) {
    code_search search{file.native(), {}};
    ::dl_iterate_phdr(add_code, &search);
    return std::move(search.found);
}

bool is_in(const std::vector<std::span<const std::byte>>& code, const void* address) noexcept {
    const auto* const place = static_cast<const std::byte*>(address);
    return std::ranges::any_of(code, [place](const auto& each) {
        return std::greater_equal{}(place, each.data()) &&
               std::less{}(place, each.data() + each.size());
    });
}

// The bytes that the file's symbol table gives to the exported object; 0 where it is no object.
std::size_t object_size(const void* address) noexcept {
    Dl_info where{};
    void* entry = nullptr;
    if (::dladdr1(address, &where, &entry, RTLD_DL_SYMENT) == 0 || entry == nullptr ||
        where.dli_saddr != address) {
        return 0;
    }
    const auto& symbol = *static_cast<const ElfW(Sym)*>(entry);
    return ELF64_ST_TYPE(symbol.st_info) == STT_OBJECT ? symbol.st_size : 0;
}

bool is_same_text(const char* exported, const std::string& noted) noexcept {
    return exported != nullptr && std::strncmp(exported, noted.c_str(), noted.size() + 1) == 0;
}

std::optional<fault> judge_agreement(const mortise_plugin& exported, const identity& note) {
    const auto differ = [](std::string_view what) {
        return fault{"has a note and a symbol " MORTISE_PLUGIN_SYMBOL " that do not agree on the " +
                         std::string{what},
                     "build it again from one version of its sources"};
    };
    if (exported.abi_version != note.abi_version) {
        return differ("ABI version (note " + abi_version_text(note.abi_version) + ", symbol " +
                      abi_version_text(exported.abi_version) + ")");
    }
    if (!is_same_text(exported.id, note.id)) {
        return differ("id (note \"" + note.id + "\")");
    }
    if (!is_same_text(exported.version, note.version)) {
        return differ("version (note \"" + note.version + "\")");
    }
    return std::nullopt;
}

} // namespace

class library::mapping {
public:
    boost::dll::shared_library code;
};

std::size_t library::kept() noexcept {
    return kept_so_far;
}

library::library(private_copy copy, std::unique_ptr<mapping> mapped) noexcept
    : copy_{std::move(copy)}, mapping_{std::move(mapped)} {}

library::~library() {
    unload();
}

judged<std::unique_ptr<library>> library::load(std::span<const std::byte> bytes,
                                               const std::filesystem::path& file,
                                               const identity& note) {
    auto copy = private_copy::make(bytes, file.filename().native());
    if (!copy) {
        return std::move(copy).error();
    }
    auto strays = stray_threads();
    auto mapped = std::make_unique<mapping>();
    std::error_code failed;
    mapped->code.load(copy->path(),
                      boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local, failed);
    if (failed) {
        return fault{"cannot be loaded: " + loader_text(copy->path()),
                     "link it with -Wl,-z,defs and install the libraries it needs"};
    }
    std::unique_ptr<library> made{new library{std::move(*copy), std::move(mapped)}};
    made->strays_before_ = std::move(strays);
    made->code_ = code_of(made->copy_.path());
    made->host_code_ = code_of({}); // the program has no name there
    if (auto bad = made->bind(note)) {
        return std::move(*bad);
    }
    return made;
}

std::optional<fault> library::bind(const identity& note) {
    if (!mapping_->code.has(MORTISE_PLUGIN_SYMBOL)) {
        return fault{"does not export " MORTISE_PLUGIN_SYMBOL ": " + loader_text(copy_.path()),
                     "write MORTISE_PLUGIN in one of its sources, or export the symbol"};
    }
    const auto& exported = mapping_->code.get<const mortise_plugin>(MORTISE_PLUGIN_SYMBOL);
    const std::size_t size = object_size(&exported);
    if (size < least_size<mortise_plugin> || !has_least_size(&exported) || exported.size > size) {
        return fault{"exports a " MORTISE_PLUGIN_SYMBOL " of the wrong size",
                     "set its size to sizeof(mortise_plugin), and build it with the SDK's headers"};
    }
    if (auto bad = judge_agreement(exported, note)) {
        return bad;
    }
    if (exported.create == nullptr || exported.configure == nullptr) {
        return fault{"has no create or no configure", "set both in " MORTISE_PLUGIN_SYMBOL};
    }
    descriptor_ = widen(exported);
    return std::nullopt;
}

bool library::is_called_alone(std::span<void* const> stack) const noexcept {
    const auto caller =
        std::ranges::find_if_not(stack, [this](void* each) { return is_in(code_, each); });
    return caller != stack.begin() && caller != stack.end() && is_in(host_code_, *caller);
}

std::optional<pid_t> library::stray_thread() const {
    return find_stray_thread_in(copy_.path(), strays_before_);
}

void library::pin() noexcept {
    ::dlopen(copy_.path().c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

bool library::unload() {
    descriptor_ = {};
    mapping_.reset();
    if (is_mapped(copy_.path())) {
        if (!std::exchange(is_kept_, true)) {
            copy_.keep();
            ++kept_so_far;
        }
        return false;
    }
    return true;
}

} // namespace mortise::plugin
