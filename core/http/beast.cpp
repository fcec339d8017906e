// SPDX-License-Identifier: BSL-1.0
// Beast's vocabulary of methods and status codes, compiled once. The rest of Beast would bring
// Asio with it.
#include <boost/beast/core/detail/string.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/impl/status.ipp>
#include <boost/beast/http/impl/verb.ipp>

#include <ostream>
