// SPDX-License-Identifier: BSL-1.0
// One text in two dresses: Markdown and troff.
#include "config/reference.hpp"

#include "config/keys.hpp"

#include <algorithm>
#include <string_view>

namespace mortise::config {

namespace {

// Texts have Markdown's `code` and [links](to).
class page {
public:
    virtual void heading(const std::string& text) = 0;
    virtual void paragraph(const std::string& text) = 0;
    virtual void code(const std::string& lines) = 0;
    virtual void begin_entries(bool has_flags) = 0;
    virtual void entry(const key_text& of, const std::string& name, const std::string& shown,
                       const std::string& value, bool is_fixed) = 0;

    std::string take() && { return std::move(text_); }

protected:
    ~page() = default;

    std::string text_;
};

std::string meaning_of(const key_text& of, bool is_fixed) {
    return of.about + "." + (of.more.empty() ? "" : " ") + of.more +
           (is_fixed ? " A change takes a restart or an upgrade." : "");
}

class markdown final : public page {
public:
    void heading(const std::string& text) override {
        text_ += (text_.empty() ? "# " : "\n## ") + text + "\n";
    }
    void paragraph(const std::string& text) override { text_ += "\n" + text + "\n"; }
    void code(const std::string& lines) override { text_ += "\n```toml\n" + lines + "```\n"; }
    void begin_entries(bool has_flags) override {
        has_flags_ = has_flags;
        text_ += has_flags ? "\n| key | option | default | meaning |\n|---|---|---|---|\n"
                           : "\n| key | default | meaning |\n|---|---|---|\n";
    }
    void entry(const key_text& of, const std::string& name, const std::string& shown,
               const std::string& value, bool is_fixed) override {
        text_ += "| `" + name + "` | ";
        if (has_flags_) {
            const bool is_plain = shown == "true|false";
            text_ +=
                of.flag.empty() ? "" : "`" + of.flag + (is_plain ? "" : " " + cell(shown)) + "`";
            text_ += " | ";
        }
        text_ += value + " | " + meaning_of(of, is_fixed) + " |\n";
    }

private:
    // A bar would end the cell.
    static std::string cell(std::string_view text) {
        std::string made;
        for (const char each : text) {
            made += each == '|' ? "\\|" : std::string{each};
        }
        return made;
    }

    bool has_flags_ = false;
};

class manual final : public page {
public:
    explicit manual(const std::string& version) {
        text_ = ".TH MORTISE.TOML 5 \"\" \"mortise " + version +
                "\" \"File formats\"\n.SH NAME\nmortise.toml \\- configuration of mortise(1)\n";
    }
    void heading(const std::string& text) override { text_ += ".SH " + upper(text) + "\n"; }
    void paragraph(const std::string& text) override { text_ += ".PP\n" + plain(text) + "\n"; }
    void code(const std::string& lines) override {
        text_ += ".PP\n.nf\n.RS\n" + escaped(lines) + ".RE\n.fi\n";
    }
    void begin_entries(bool /*has_flags*/) override {}
    void entry(const key_text& of, const std::string& name, const std::string& shown,
               const std::string& value, bool is_fixed) override {
        text_ += ".TP\n\\fB" + escaped(name) + "\\fR = \\fI" + escaped(shown) + "\\fR\n" +
                 plain(meaning_of(of, is_fixed)) + "\nDefault: " + plain(value) + ".\n";
        if (!of.flag.empty()) {
            text_ += "Option: \\fB" + escaped(of.flag) + "\\fR.\n";
        }
    }

private:
    static std::string upper(std::string text) {
        std::ranges::transform(text, text.begin(), [](char each) {
            return each >= 'a' && each <= 'z' ? static_cast<char>(each - 'a' + 'A') : each;
        });
        return escaped(text);
    }
    static std::string escaped(std::string_view text) {
        std::string made;
        bool is_first = true; // of its line, where . and ' are requests
        for (const char each : text) {
            if (is_first && (each == '.' || each == '\'')) {
                made += "\\&";
            }
            made += each == '\\' ? "\\e" : each == '-' ? "\\-" : std::string{each};
            is_first = each == '\n';
        }
        return made;
    }
    // `code` in bold, links as their words.
    static std::string plain(std::string_view text) {
        std::string made;
        bool is_code = false;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const auto close = text[at] == '[' && !is_code ? text.find("](", at) : text.npos;
            if (text[at] == '`') {
                is_code = !is_code;
                made += is_code ? "\\fB" : "\\fR";
            } else if (close != text.npos) {
                made += escaped(text.substr(at + 1, close - at - 1));
                at = text.find(')', close);
            } else {
                made += text[at] == '\\' ? "\\e" : text[at] == '-' ? "\\-" : std::string{text[at]};
            }
        }
        return made.starts_with('.') || made.starts_with('\'') ? "\\&" + made : made;
    }
};

// `text` for a table's cell.
std::string default_of(const std::string& shown, const std::string& unset) {
    std::string text = shown;
    std::erase(text, '"');
    return text.empty() ? unset : "`" + text + "`";
}

template <class Target>
void write_entries(page& to, std::span<const key<Target>> as) {
    to.begin_entries(false);
    for (const auto& each : as) {
        to.entry(each, each.name, each.shown, default_of(each.show(Target{}), each.unset),
                 each.is_fixed);
    }
}

constexpr auto example = R"([plugins]
directory = "/usr/local/lib/mortise/plugins"

[deadlines]
handler = "20s"

[plugin.greeting]
file = "greeting.so"
mount = "/hello"
virtual_hosts = ["main"]

[plugin.greeting.config]
salutation = "Good morning"

[plugin.greeting.limits]
requests = 200

[virtual_host.main]
names = ["example.org", "*.example.org"]
)";

void write_files(page& to) {
    to.paragraph(
        "A host needs no file: `mortise run --plugins DIR` serves each plugin of a directory, and "
        "everything has a default. What is to stay is written into a file, `mortise run --config "
        "FILE`; without either, `/etc/mortise/mortise.toml` is read.");
    to.code(example);
    to.paragraph(
        "The file is [TOML](https://toml.io). Beside it, `conf.d/*.toml` and `plugins.d/*.toml` of "
        "its folder are read, in the order of their names; those of `plugins.d` hold tables "
        "`[plugin.ID]` alone. All of them together are one configuration, in which each key stands "
        "once. Options of the command line stand before files. Relative paths count from the "
        "folder of the file that they stand in.");
    to.paragraph(
        "`mortise check [--config FILE]` reads all of it, loads and configures the plugins, and "
        "binds nothing: it names every fault with file, line and column and what to do, and ends "
        "with 0, with 1 for faults, or with 2 where it does not understand its options. Whether an "
        "address is free and the folder of a socket is there shows at the start alone. `mortise "
        "config show` prints the settings that hold, with where each came from, and hides secrets: "
        "credentials, variables and plugins' keys whose names say so, and URIs with a password; "
        "`mortise config reference` prints this page.");
    to.paragraph(
        "In texts, `${NAME}` is the environment's NAME, and `${credential:NAME}` the content of "
        "the file NAME in `$CREDENTIALS_DIRECTORY`, where systemd puts what `LoadCredential=` "
        "names; "
        "`$${` stands for `${` itself. What is not there is a fault.");
    to.paragraph(
        "A SIZE is a number of bytes or a text with a unit, `\"16KiB\"`, `\"1MiB\"` or `\"2GiB\"`, "
        "at most `\"1048576GiB\"`; a TIME is `\"500ms\"`, `\"10s\"`, `\"2m\"` or `\"1h\"`, from "
        "one millisecond to a year. Time is looked at ten times a second, so what takes longer "
        "than its TIME ends up to 100 ms later.");
}

void write_sections(page& to) {
    to.heading("[[listener]]");
    to.paragraph("One place where the host listens; there may be several. The host serves at all "
                 "of them, or ends with a line that names the one that it cannot have. Without any "
                 "it is `localhost:8080`. As an option, `--listen ADDRESS`, which may be repeated, "
                 "and stands for all that files name.");
    write_entries(to, listener_keys());
    to.heading("[plugins.limits]");
    to.paragraph("What a plugin may have that has no such limit of its own, over all loops. As an "
                 "option: `--limit *.requests=100`.");
    write_entries(to, limit_keys());
    to.heading("[plugin.ID]");
    to.paragraph("One plugin. Where two plugins have one route or one filter, the first by the "
                 "name of its file has it, and the other is left out whole.");
    write_entries(to, plugin_keys());
    to.heading("[plugin.ID.config]");
    to.paragraph(
        "What the plugin itself reads, key by key; tables in it are names with dots, and "
        "numbers and truths are handed over as text, whole ones in decimal. A key that it does not "
        "read is a warning. As an option: `--set PLUGIN.KEY=VALUE`, like `--set "
        "greeting.salutation=Hi`.");
    to.heading("[plugin.ID.limits]");
    to.paragraph("As `[plugins.limits]`, for this plugin. As an option: `--limit "
                 "PLUGIN.LIMIT=VALUE`, like `--limit greeting.requests=100`.");
    to.heading("[virtual_host.NAME]");
    to.paragraph("Hosts that plugins serve by NAME. A request for a host that none of them names "
                 "comes to routes for every host alone.");
    write_entries(to, virtual_host_keys());
}

void write(page& to) {
    to.heading("Configuration");
    write_files(to);
    for (const auto& table : tables()) {
        to.heading("[" + table.name + "]");
        to.paragraph(table.about);
        to.begin_entries(true);
        for (const auto& each : keys()) {
            if (each.name.starts_with(table.name + ".")) {
                to.entry(each, each.name.substr(table.name.size() + 1), each.shown,
                         default_of(each.show(settings{}), each.unset), each.is_fixed);
            }
        }
    }
    write_sections(to);
}

} // namespace

std::string reference_page() {
    markdown made;
    write(made);
    return std::move(made).take();
}

std::string reference_manual(const std::string& version) {
    manual made{version};
    write(made);
    return std::move(made).take();
}

} // namespace mortise::config
