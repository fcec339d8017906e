// SPDX-License-Identifier: BSL-1.0
// Answers what it was sent: POST /echo the content, GET /echo the fields.
#include <mortise/sdk.hpp>

#include <cstdint>

class echo {
public:
    explicit echo(const mortise::config& config)
        : limit_{config.get_or<std::uint64_t>("limit", 1024 * 1024)} {}

    void routes(mortise::routes& on) {
        on.post("/echo", mortise::whole_content{limit_}, echo_content);
        on.get("/echo", echo_fields);
    }

private:
    static mortise::response echo_content(const mortise::request& request) {
        const auto media_type = request.field("Content-Type");
        return mortise::response{}
            .with_field("Content-Type", media_type.value_or("application/octet-stream"))
            .with_content(request.content());
    }

    static mortise::response echo_fields(const mortise::request& request) {
        mortise::response answer = mortise::text();
        for (const auto& [name, value] : request.fields()) {
            answer.append(name, ": ", value, '\n');
        }
        return answer;
    }

    std::uint64_t limit_; // bytes of content
};

MORTISE_PLUGIN(echo, "echo", "1.0.0")
