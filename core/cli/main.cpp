// SPDX-License-Identifier: BSL-1.0
// The program.
#include "cli/run.hpp"

int main(int argc, char** argv) {
    return mortise::cli::run(argc, argv);
}
