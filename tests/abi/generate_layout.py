# SPDX-License-Identifier: BSL-1.0
"""Writes layout.c out of the border's headers: where each member of each struct lies.

    generate_layout.py --headers sdk/include --compiler gcc            prints it
    generate_layout.py --headers … --compiler … --check layout.c       fails where that differs

layout.c is kept: a line of it that changes means that a built plugin would read another member than
the host wrote. Inside a major version lines are only added.
"""
import argparse
import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

START = """/* SPDX-License-Identifier: BSL-1.0
 * The layout of every struct of the border on a 64-bit platform, written by generate_layout.py: a
 * line that fails means that a built plugin would read another member than the host wrote.
 */
{includes}

#ifdef __cplusplus
#define HOLDS(...) static_assert(__VA_ARGS__, "the border's layout has changed")
#else
#define HOLDS(...) _Static_assert(__VA_ARGS__, "the border's layout has changed")
#endif
#define SIZE(type, bytes) HOLDS(sizeof(struct type) == (bytes))
#define MEMBER(type, member, bytes) HOLDS(offsetof(struct type, member) == (bytes))

HOLDS(sizeof(void*) == 8 && sizeof(size_t) == 8);
HOLDS(sizeof(mortise_exchange) == 8);
HOLDS(sizeof(mortise_handle) == 8);
"""
STRUCT = re.compile(r"^(?:typedef )?struct (\w+) \{(.*?)^\}", re.MULTILINE | re.DOTALL)
CALLBACK = re.compile(r"\(\*(\w+)\)")
MEMBER = re.compile(r"(\w+)(?:\[\w+\])?$")


def members(body):
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    for declaration in filter(None, (part.strip() for part in body.split(";"))):
        found = CALLBACK.search(declaration) or MEMBER.search(declaration)
        if found is None:
            sys.exit(f"no member's name in: {declaration}")
        yield found[1]


def structs(text):
    return [(found[1], list(members(found[2]))) for found in STRUCT.finditer(text)]


def measure(all_structs, includes, arguments):
    """The size of each struct and the offset of each member, as the compiler has them."""
    prints = []
    for name, names in all_structs:
        prints.append(f'printf("%zu\\n", sizeof(struct {name}));')
        prints += [f'printf("%zu\\n", offsetof(struct {name}, {member}));' for member in names]
    source = f"#include <stdio.h>\n{includes}\nint main(void) {{ {' '.join(prints)} }}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "measure.c")
        path.write_text(source)
        program = path.with_suffix("")
        subprocess.run([arguments.compiler, "-std=c11", "-I", arguments.headers, path, "-o", program],
                       check=True)
        return iter(subprocess.run([program], check=True, capture_output=True,
                                   text=True).stdout.split())


def generate(arguments):
    root = arguments.headers / "mortise" / "abi"
    headers = sorted(root.rglob("*.h"), key=str)
    includes = "\n".join(f"#include <{header.relative_to(arguments.headers)}>" for header in headers)
    all_structs = [struct for header in headers for struct in structs(header.read_text())]
    numbers = measure(all_structs, includes, arguments)
    text = START.format(includes=includes)
    for name, names in all_structs:
        text += f"\nSIZE({name}, {next(numbers)});\n"
        text += "".join(f"MEMBER({name}, {member}, {next(numbers)});\n" for member in names)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--headers", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--check", type=pathlib.Path)
    arguments = parser.parse_args()
    text = generate(arguments)
    if arguments.check is None:
        print(text, end="")
        return
    kept = arguments.check.read_text()
    if kept != text:
        sys.stdout.writelines(difflib.unified_diff(kept.splitlines(True), text.splitlines(True),
                                                   "kept", "as the headers have it"))
        sys.exit(f"{arguments.check} is not what the headers say; write it anew where that is meant")


if __name__ == "__main__":
    main()
