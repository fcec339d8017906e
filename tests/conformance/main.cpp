// SPDX-License-Identifier: BSL-1.0
// Every case file is a test by its own name; or their bytes, as seeds for a fuzzer.
#include "player.hpp"
#include "script.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

namespace {

using namespace mortise::conformance;
namespace fs = std::filesystem;

class case_file final : public testing::Test {
public:
    explicit case_file(fs::path file) : file_{std::move(file)} {}
    void TestBody() override {
        try {
            const auto played = read_script(file_);
            player{played, file_.string(), player::cut::whole}.play();
            if (played.is_played_cut && !HasFailure()) {
                player{played, file_.string(), player::cut::pieces}.play();
            }
        } catch (const std::runtime_error& fault) {
            FAIL() << fault.what();
        }
    }

private:
    fs::path file_;
};

std::vector<fs::path> case_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{CONFORMANCE_CASES}) {
        if (entry.path().extension() == ".case") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

// The folder and the name, joined by `between`. gtest's filters give other characters a meaning.
std::string name_of(const fs::path& file, std::string_view between) {
    const auto name =
        file.parent_path().filename().string().append(between).append(file.stem().string());
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_./";
    if (name.find_first_not_of(letters) != name.npos) {
        throw std::runtime_error{"a case is named with a-z, 0-9, _ and .: " + name};
    }
    return name;
}

void register_all() {
    for (const auto& file : case_files()) {
        testing::RegisterTest("Conformance", name_of(file, "/").c_str(), nullptr, nullptr,
                              file.c_str(), 1,
                              [file]() -> testing::Test* { return new case_file{file}; });
    }
}

// What the client sends in each case. A fuzzer gains nothing from huge seeds.
void write_corpus(const fs::path& directory) {
    constexpr std::size_t largest_seed = 4096;
    fs::create_directories(directory);
    for (const auto& file : case_files()) {
        std::string bytes;
        for (const auto& step : read_script(file).steps) {
            if (is_sending(step.what)) {
                bytes += step.bytes;
            }
        }
        if (bytes.size() <= largest_seed) {
            std::ofstream{directory / name_of(file, "."), std::ios::binary} << bytes;
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc == 3 && std::string_view{argv[1]} == "--write-corpus") {
            write_corpus(argv[2]);
            return 0;
        }
        testing::InitGoogleTest(&argc, argv);
        register_all();
    } catch (const std::runtime_error& fault) {
        std::fprintf(stderr, "conformance: %s\n", fault.what());
        return 1;
    }
    const int result = RUN_ALL_TESTS();
    // A filter that meets no case is a mistake.
    return testing::UnitTest::GetInstance()->test_to_run_count() == 0 ? 1 : result;
}
