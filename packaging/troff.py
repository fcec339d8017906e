# SPDX-License-Identifier: BSL-1.0
"""Commands as sections of a manual page."""


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def bold(text):
    return f"\\fB{escaped(text)}\\fR"


def entry(of):
    shown = f" \\fI{escaped(of.shown)}\\fR" if of.shown else ""
    return f".TP\n{', '.join(map(bold, of.names))}{shown}\n{escaped(of.about)}.\n"


def flattened(command):
    yield command
    for each in command.commands:
        yield from flattened(each)


def commands(root):
    """Every command but the program itself; options that another one has too are told once."""
    text = ""
    told = {}  # options to the name of the command
    for command in flattened(root):
        if command is root:
            continue
        text += f".SS {escaped(command.usage)}\n{escaped(command.about)}.\n"
        text += "".join(entry(each) for each in command.positionals)
        own = [each for each in command.options if "--help" not in each.names]
        key = str(own)
        if len(own) > 3 and key in told:
            text += f".PP\nIt takes the options of {bold(told[key])}.\n"
        else:
            text += "".join(entry(each) for each in own)
            told[key] = command.name
        if command.footer and command.footer != root.footer:
            text += f".PP\n{escaped(command.footer)}\n"
    return text
