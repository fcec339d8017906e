// SPDX-License-Identifier: BSL-1.0
// The note that repeats a plugin's identity stands in a note segment of the built file.
#include "unit/sdk/loaded_plugin.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <link.h>
#include <optional>
#include <string>
#include <string_view>

namespace mortise::test {
namespace {

struct search {
    std::string_view path;
    std::optional<mortise_note> found;
};

// The first note named "Mortise" in [at, end): each is a head of three words, then name and
// descriptor, both padded to four bytes.
std::optional<mortise_note> find_note(const char* at, const char* end) {
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        ElfW(Nhdr) head;
        std::memcpy(&head, at, sizeof head);
        if (std::string_view{at + sizeof head, head.n_namesz} == std::string_view{"Mortise", 8} &&
            head.n_descsz == 132) {
            mortise_note note;
            std::memcpy(&note, at, sizeof note);
            return note;
        }
        at += sizeof head + ((head.n_namesz + 3u) & ~3u) + ((head.n_descsz + 3u) & ~3u);
    }
    return std::nullopt;
}

int visit(dl_phdr_info* library, std::size_t, void* argument) {
    auto& search = *static_cast<struct search*>(argument);
    if (library->dlpi_name != search.path) {
        return 0;
    }
    for (int index = 0; index != library->dlpi_phnum; ++index) {
        const auto& segment = library->dlpi_phdr[index];
        if (segment.p_type == PT_NOTE && !search.found) {
            const auto* const begin =
                reinterpret_cast<const char*>(library->dlpi_addr + segment.p_vaddr);
            search.found = find_note(begin, begin + segment.p_memsz);
        }
    }
    return 1;
}

void expect_note(const std::string& path) {
    const loaded_plugin library{path};
    search search{path, std::nullopt};
    dl_iterate_phdr(visit, &search);
    ASSERT_TRUE(search.found) << path;
    EXPECT_EQ(search.found->type, MORTISE_NOTE_TYPE);
    EXPECT_EQ(search.found->abi_version, library.descriptor().abi_version);
    EXPECT_STREQ(search.found->id, library.descriptor().id);
    EXPECT_STREQ(search.found->version, library.descriptor().version);
}

TEST(Note, AgreesWithTheExportedObject) {
    expect_note(GREETING_PLUGIN);
    expect_note(ECHO_PLUGIN);
    expect_note(C_PLUGIN);
}

} // namespace
} // namespace mortise::test
