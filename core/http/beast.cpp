// SPDX-License-Identifier: BSL-1.0
// Beast, of which the vocabulary is used, compiled once.
#include <boost/beast/src.hpp>
