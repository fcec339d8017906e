// SPDX-License-Identifier: BSL-1.0
// The page of `mortise dev`: while a plugin cannot be built, every request is answered with 503 and
// the reason.
#include "accept.hpp"

#include <mortise/sdk.hpp>

#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

// A later page is another file, and a new generation of this plugin.
std::string content_of(const std::string& file) {
    std::ifstream from{file, std::ios::binary};
    std::ostringstream text;
    text << from.rdbuf();
    if (!from) {
        throw std::runtime_error{file + " cannot be read"};
    }
    return text.str();
}

} // namespace

class workbench {
public:
    explicit workbench(const mortise::config& config)
        : html_{content_of(config.get("html"))}, text_{content_of(config.get("text"))} {}

    void filters(mortise::filters& in) {
        in.on_request("workbench",
                      [this](const mortise::request& request) -> std::optional<mortise::response> {
                          const bool is_html = mortise::workbench::prefers_html(
                              request.field("Accept").value_or(""));
                          return mortise::response{503}
                              .with_field("Content-Type", is_html ? "text/html; charset=utf-8"
                                                                  : "text/plain; charset=utf-8")
                              .with_field("Vary", "Accept")
                              .with_field("Cache-Control", "no-store")
                              .with_content(is_html ? html_ : text_);
                      });
    }

private:
    const std::string html_;
    const std::string text_;
};

MORTISE_PLUGIN(workbench, "workbench", "1.0.0")
