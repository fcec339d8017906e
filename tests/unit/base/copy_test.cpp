// SPDX-License-Identifier: BSL-1.0
// Copies of every short size, and nothing beside them.
#include "base/copy.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace mortise::base {
namespace {

TEST(CopyText, CopiesEachSizeAndNoByteMore) {
    for (std::size_t size = 0; size < 80; ++size) {
        std::string text;
        while (text.size() < size) {
            text += static_cast<char>('!' + text.size());
        }
        const std::unique_ptr<char[]> from{new char[size]}; // a sanitizer sees what is read
        std::copy(text.begin(), text.end(), from.get());
        std::string to(size + 2, '_');
        char* const end = copy_text(to.data() + 1, {from.get(), size});
        EXPECT_EQ(end, to.data() + 1 + size);
        EXPECT_EQ(to, "_" + text + "_");
    }
}

TEST(CopyText, CopiesNothingFromAnEmptyViewThatIsNull) {
    std::string to(64, '_');
    EXPECT_EQ(copy_text(to.data(), {}), to.data());
    EXPECT_EQ(to, std::string(64, '_'));
}

} // namespace
} // namespace mortise::base
