# SPDX-License-Identifier: BSL-1.0
"""Completions of commands for bash and zsh."""

import shlex

from troff import flattened

WHOSE = "# SPDX-License-Identifier: BSL-1.0\n# Made from what mortise --help tells.\n"

BASH = """%(whose)s_mortise_offer() { # OPTIONS of compgen
    [[ $1 == -W ]] || compopt -o filenames
    mapfile -t COMPREPLY < <(compgen "$@" -- "${COMP_WORDS[COMP_CWORD]}")
}
_mortise() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=mortise words at
    for ((at = 1; at < COMP_CWORD; ++at)); do
        case "$command ${COMP_WORDS[at]}" in
        %(commands)s) command+=" ${COMP_WORDS[at]}" ;;
        esac
    done
    COMPREPLY=()
    case "$command $before" in
%(values)s    esac
    case "$command" in
%(words)s    esac
    _mortise_offer -W "$words"
%(files)s}
complete -F _mortise mortise
"""


def bash_values(option):
    """What compgen is to offer for an option's value; nothing where only its user knows one."""
    if option.choices:
        return f"-W {shlex.quote(' '.join(option.choices))}"
    return {"FILE": "-f", "DIR": "-d"}.get(option.shown, "-W ''")


def patterns(names):
    return "|".join(f"'{name}'" for name in names)


def takes_files(positional):  # one that says so
    return "file" in positional.about


def takes_folders(positional):
    return positional.names == ["DIR"]


def bash(root):
    all_commands = list(flattened(root))
    words = ""
    takers = {}  # what is offered, to the options that take it
    for command in all_commands:
        for option in filter(lambda each: each.shown, command.options):
            takers.setdefault(bash_values(option), []).extend(
                f"{command.name} {name}" for name in option.names)
        offered = [each.words[-1] for each in command.commands]
        offered += [name for option in command.options for name in option.names]
        words += f"    '{command.name}') words='{' '.join(offered)}' ;;\n"
    values = "".join(f"    {patterns(names)}) _mortise_offer {what}; return ;;\n"
                     for what, names in takers.items())
    files = '    case "$command" in\n'
    for takes, what in ((takes_files, "-f"), (takes_folders, "-d")):
        takers = patterns(each.name for each in all_commands if any(map(takes, each.positionals)))
        files += f"""    {takers})
        [[ $word == -* ]] || _mortise_offer {what} ;;
"""
    files += "    esac\n"
    return BASH % {"whose": WHOSE, "values": values, "words": words, "files": files,
                   "commands": patterns(each.name for each in all_commands[1:])}


def zsh_text(text):
    """Inside an argument of _arguments, and inside '…'."""
    for special in "\\[]:":
        text = text.replace(special, "\\" + special)
    return text.replace("'", "'\\''")


def zsh_action(entry):
    if entry.choices:
        return f"({' '.join(entry.choices)})"
    if takes_files(entry) and not entry.shown:
        return "_files"
    if takes_folders(entry):
        return "_files -/"
    return {"FILE": "_files", "DIR": "_files -/"}.get(entry.shown, " ")


def zsh_arguments(command):
    for option in command.options:
        repeats = "*" if "may be repeated" in option.about else ""
        value = f":{zsh_text(option.shown)}:{zsh_action(option)}" if option.shown else ""
        for name in option.names:
            yield f"'{repeats}{name}[{zsh_text(option.about)}]{value}'"
    for positional in command.positionals:
        name = positional.names[0]
        action = zsh_action(positional)
        if action == " ":  # what it tells beside an option would keep zsh from completing that
            action = f"{{[[ $PREFIX == -* ]] || _message -e {zsh_text(shlex.quote(name))}}}"
        yield f"':{zsh_text(name)}:{action}'"
    if command.commands:
        yield "': :->command'"
        yield "'*:: :->rest'"


def zsh_function(command):
    name = "_" + "_".join(command.words)
    arguments = " \\\n        ".join(zsh_arguments(command))
    if not command.commands:
        return f"{name}() {{\n    _arguments \\\n        {arguments}\n}}\n"
    offered = "\n            ".join(f"'{each.words[-1]}:{zsh_text(each.about)}'"
                                    for each in command.commands)
    return f"""{name}() {{
    local state line context
    typeset -A opt_args
    _arguments -C \\
        {arguments}
    case $state in
    command)
        local -a commands=(
            {offered}
        )
        _describe command commands
        ;;
    rest) (( $+functions[{name}_$words[1]] )) && {name}_$words[1] ;;
    esac
}}
"""


def zsh(root):
    functions = "".join(map(zsh_function, flattened(root)))
    return f'#compdef mortise\n{WHOSE}{functions}_mortise "$@"\n'
