// SPDX-License-Identifier: BSL-1.0
// All of Beast, the opponent of the differential targets.
#include <boost/beast/src.hpp>
