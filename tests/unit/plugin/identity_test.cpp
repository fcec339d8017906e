// SPDX-License-Identifier: BSL-1.0
// Reading identity from files that are right, cut, foreign or hostile.
#include "plugin/identity.hpp"
#include "unit/plugin/fixture.hpp"

#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

// The least file that is a plugin as far as its identity goes.
struct small_file {
    Elf64_Ehdr header{};
    Elf64_Phdr segment{};
    mortise_note note{8,      132, MORTISE_NOTE_TYPE, MORTISE_NOTE_NAME, 0x00010002, "small-file",
                      "3.2.1"};

    small_file() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_DYN;
#if defined(__x86_64__)
        header.e_machine = EM_X86_64;
#else
        header.e_machine = EM_AARCH64;
#endif
        header.e_phoff = sizeof header;
        header.e_phnum = 1;
        header.e_phentsize = sizeof segment;
        segment.p_type = PT_NOTE;
        segment.p_offset = sizeof header + sizeof segment;
        segment.p_filesz = sizeof note;
        segment.p_align = 4;
    }

    std::vector<std::byte> bytes() const {
        std::vector<std::byte> all(sizeof header + sizeof segment + sizeof note);
        std::memcpy(all.data(), &header, sizeof header);
        std::memcpy(all.data() + sizeof header, &segment, sizeof segment);
        std::memcpy(all.data() + sizeof header + sizeof segment, &note, sizeof note);
        return all;
    }
    std::string fault() const {
        const auto read = read_identity(bytes());
        return read ? "" : read.error().what;
    }
};

TEST(Identity, IsReadFromTheNote) {
    const auto read = read_identity(small_file{}.bytes());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->abi_version, 0x00010002U);
    EXPECT_EQ(read->id, "small-file");
    EXPECT_EQ(read->version, "3.2.1");
}

TEST(Identity, IsReadFromABuiltPlugin) {
    const auto read = read_identity(*read_plugin_file(test::plugin_path("sound")));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->abi_version, MORTISE_ABI_VERSION);
    EXPECT_EQ(read->id, "sound");
    EXPECT_EQ(read->version, "1.2.3");
}

TEST(Identity, RefusesEveryTruncation) {
    const auto whole = small_file{}.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::vector<std::byte> cut(whole.begin(),
                                         whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(read_identity(cut)) << size;
    }
}

TEST(Identity, SurvivesEveryChangedByte) {
    const auto whole = small_file{}.bytes();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const unsigned value : {0x00U, 0x01U, 0x7fU, 0x80U, 0xffU}) {
            auto changed = whole;
            changed[at] = static_cast<std::byte>(value);
            const auto read = read_identity(changed);
            EXPECT_TRUE(!read || is_plugin_id(read->id)) << at;
        }
    }
}

TEST(Identity, RefusesWhatIsNotElf) {
    const std::string text = "#!/bin/sh\necho hello, I am a script and no library\n";
    const auto read = read_identity(std::as_bytes(std::span{text}));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, "is not an ELF file");
    EXPECT_EQ(read_identity({}).error().what, "is not an ELF file");
}

TEST(Identity, RefusesOtherMachines) {
    small_file narrow;
    narrow.header.e_ident[EI_CLASS] = ELFCLASS32;
    EXPECT_EQ(narrow.fault(), "is built for another machine");
    small_file swapped;
    swapped.header.e_ident[EI_DATA] = ELFDATA2MSB;
    EXPECT_EQ(swapped.fault(), "is built for another machine");
    small_file foreign;
    foreign.header.e_machine = EM_RISCV;
    EXPECT_EQ(foreign.fault(), "is built for another machine");
}

TEST(Identity, RefusesObjectFiles) {
    small_file object;
    object.header.e_type = ET_REL;
    EXPECT_EQ(object.fault(), "is an ELF file but no shared library");
}

TEST(Identity, RefusesTablesOutsideTheFile) {
    small_file programs;
    programs.header.e_phoff = UINT64_MAX - 8;
    EXPECT_EQ(programs.fault(),
              "is truncated: its program header table lies beyond the end of the file");
    small_file sections;
    sections.header.e_shoff = 4096;
    sections.header.e_shnum = 12;
    sections.header.e_shentsize = sizeof(Elf64_Shdr);
    EXPECT_EQ(sections.fault(), "is truncated: its section table lies beyond the end of the file");
    small_file segment;
    segment.segment.p_filesz = UINT64_MAX;
    EXPECT_EQ(segment.fault(), "is truncated: its segment 0 lies beyond the end of the file");
}

TEST(Identity, RefusesNotesThatRunOutOfTheirSegment) {
    small_file name;
    name.note.name_size = UINT32_MAX;
    EXPECT_EQ(name.fault(), "is truncated: its note lies beyond the end of the file");
    small_file descriptor;
    descriptor.note.descriptor_size = UINT32_MAX;
    EXPECT_EQ(descriptor.fault(), "is truncated: its note lies beyond the end of the file");
}

TEST(Identity, SaysWhereThereIsNoNote) {
    small_file other;
    other.note.name[0] = 'm';
    EXPECT_EQ(other.fault(), "is no Mortise plugin: it has no Mortise note");
}

TEST(Identity, RefusesADescriptorThatIsTooShort) {
    small_file file;
    file.note.descriptor_size = 16;
    file.segment.p_filesz = 12 + 8 + 16;
    EXPECT_EQ(file.fault(), "has a bad Mortise note: it is too short");
}

TEST(Identity, RefusesBadIdsAndVersions) {
    small_file id;
    std::memset(id.note.id, 'a', sizeof id.note.id);
    EXPECT_EQ(id.fault(), "has a bad Mortise note: its id is not of the form [a-z][a-z0-9-]*");
    small_file version;
    std::strcpy(version.note.version, "1.0\n");
    EXPECT_EQ(version.fault(), "has a bad Mortise note: its version is empty or not printable");
}

TEST(Identity, RefusesTwoNotes) {
    small_file file;
    auto bytes = file.bytes();
    const auto* const note = reinterpret_cast<const std::byte*>(&file.note);
    bytes.insert(bytes.end(), note, note + sizeof file.note);
    file.segment.p_filesz = 2 * sizeof file.note;
    std::memcpy(bytes.data() + sizeof file.header, &file.segment, sizeof file.segment);
    EXPECT_EQ(read_identity(bytes).error().what, "has a bad Mortise note: there are two");
}

TEST(Identity, KnowsPluginIds) {
    EXPECT_TRUE(is_plugin_id("a"));
    EXPECT_TRUE(is_plugin_id("greeting-2"));
    EXPECT_FALSE(is_plugin_id(""));
    EXPECT_FALSE(is_plugin_id("2greeting"));
    EXPECT_FALSE(is_plugin_id("Greeting"));
    EXPECT_FALSE(is_plugin_id("gree/ting"));
    EXPECT_FALSE(is_plugin_id(std::string(64, 'a')));
}

} // namespace
} // namespace mortise::plugin
