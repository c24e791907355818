# SPDX-License-Identifier: MIT
"""What libfid's public headers declare, with the comments above it.

Reads C++ as clang-format leaves it here, no more: what is public in namespace fid, and each thing's
documentation, which is the `///` lines right above it or the `///<` behind it. Declarations that
follow one another without a blank line or a comment in between share the first one's.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Declaration:
    kind: str  # class, enum, function, variable, type, concept
    name: str  # with the namespaces below fid: pipe::Sender
    text: str  # without body, default arguments of callers' places, noexcept
    doc: list[str]
    starts_group: bool = True
    bases: list[str] = field(default_factory=list)
    members: list["Declaration"] = field(default_factory=list)


@dataclass
class Header:
    path: str  # as it is included
    doc: list[str]  # of the whole
    declarations: list[Declaration]


SKIPPED = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|(?<!\w)\'(?:\\.|[^\'\\])+\'', re.S)
HEAD = re.compile(r"(?P<key>class|struct|enum class|enum)\s+(?:\[\[[^\]]*\]\]\s*)?"
                  r"(?P<name>\w+)(?:\s+final)?\s*(?::\s*(?P<bases>[^:].*))?", re.S)
# Names that say how the library is made, not what it is for.
INTERNAL = re.compile(r"detail|message_call|platform")


def close_of(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`."""
    depth, i = 0, start
    while True:
        if skipped := SKIPPED.match(text, i):
            i = skipped.end()
            continue
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1


def without_template(text: str) -> tuple[str, str]:
    """The template and requires clauses that a declaration begins with, and the rest of it."""
    i = 0
    while word := re.compile(r"(template|requires)\b\s*").match(text, i):
        i = word.end()
        depth = 0
        while word[1] == "template":
            depth += {"<": 1, ">": -1}.get(text[i], 0)
            i += 1
            if depth == 0:
                break
        while word[1] == "requires":
            # Either in brackets or a name with its arguments, joined by operators.
            i = close_of(text, i) if text[i] == "(" else re.compile(r"[\w:]+(<[^>]*>)?").match(text, i).end()
            if joined := re.compile(r"\s*(&&|\|\|)\s*").match(text, i):
                i = joined.end()
            else:
                break
        i += len(text) - i - len(text[i:].lstrip())
    return text[:i].strip(), text[i:]


def tidied(text: str) -> str:
    """A declaration as one line, without what only the compiler needs."""
    text = " ".join(text.split())
    text = re.sub(r",? ?Caller caller = Caller::here\(\)", "", text)
    text = re.sub(r" noexcept\b(\([^)]*\))?|\[\[\w+\]\] ?|\bFID_NOINLINE |\binline |\bconstexpr |"
                  r"\bexplicit |\bvirtual |\bextern | override\b| final\b", "", text)
    text = re.sub(r" = 0$", "", text)
    text = re.sub(r"-> (\w+)<.*\bdecltype\(.*", r"-> \1<...>", text)  # computed: the comment says what
    return text.replace("( ", "(").replace(" )", ")").strip()


def name_of_function(text: str) -> str:
    _, rest = without_template(text)
    if operator := re.search(r"\boperator\s*([^\s\w]+|\w+)\s*\(", rest):
        return "operator" + operator[1]
    return re.search(r"([~\w]+)\s*\(", rest)[1]


class Reader:
    def __init__(self, path: Path, include: str):
        self.text = path.read_text()
        self.at = 0
        self.header = Header(include, [], [])
        self.scope(self.header.declarations, "", "")

    def scope(self, into: list[Declaration], prefix: str, owner: str, public: bool = True) -> None:
        """Reads declarations up to the end of the file or the brace that ends the scope."""
        doc: list[str] = []
        blank = True
        while True:
            space = re.compile(r"\s*").match(self.text, self.at)
            if space[0].count("\n") > 1:
                if doc and not owner:
                    self.header.doc += doc
                doc, blank = [], True
            self.at = space.end()
            if self.at == len(self.text) or self.text[self.at] == "}":
                self.at += 1
                return
            line = self.text[self.at:self.text.find("\n", self.at)]
            if line.startswith("///<"):
                if into and public:
                    into[-1].doc.append(line[4:].strip())
                    into[-1].starts_group = True
                    doc, blank, self.at = [], True, self.at + len(line)
                    continue
            elif line.startswith("///"):
                doc.append(line[3:].removeprefix(" ").rstrip())
            elif label := re.match(r"(public|private|protected):", line):
                public = label[1] == "public"
                self.at += len(label[0])
                continue
            if line.startswith(("//", "#")):
                while line.startswith("#") and line.endswith("\\"):
                    self.at += len(line) + 1
                    line = self.text[self.at:self.text.find("\n", self.at)]
                self.at += len(line)
                continue
            self.pending = doc
            found = self.declaration(prefix, owner)
            if found and public:
                found.doc = doc
                found.starts_group = blank or bool(doc)
                into.append(found)
            doc, blank = [], False

    def declaration(self, prefix: str, owner: str) -> Declaration | None:
        text = ""
        while True:
            if skipped := SKIPPED.match(self.text, self.at):
                text += "" if skipped[0].startswith(("//", "/*")) else skipped[0]
                self.at = skipped.end()
                continue
            char = self.text[self.at]
            if char == ";":
                self.at += 1
                return self.made(text, prefix, owner)
            if char in "([":
                end = close_of(self.text, self.at)
                text += self.text[self.at:end]
                self.at = end
            elif char == "{":
                template, rest = without_template(text)
                if re.match(r"namespace\b", rest):
                    return self.namespace(rest, prefix)
                if re.match(r"(class|struct|enum)\b", rest):
                    made = self.type(template, rest, prefix)
                    return None if template == "template <>" else made
                end = close_of(self.text, self.at)
                if self.is_expression(rest) or re.search(r"\w$", self.initializers(rest)):
                    text += self.text[self.at:end]
                    self.at = end
                    continue
                self.at = end
                initializers = self.initializers(text)
                return self.made(text.removesuffix(initializers), prefix, owner)
            else:
                text += char
                self.at += 1

    @staticmethod
    def is_expression(text: str) -> bool:
        """Whether a brace behind this is part of the declaration, and not a function's body."""
        bare = text.rstrip()
        if re.search(r"\brequires(\s*\([^()]*(\([^()]*\)[^()]*)*\))?$", bare) or "concept " in text:
            return True
        if re.search(r"(?<![=!<>])=\s*[\w:<>]*$", bare) and "operator" not in bare:
            return True
        return "(" not in text

    @staticmethod
    def initializers(text: str) -> str:
        """Those of a constructor's members, from their colon on."""
        depth = 0
        for i, char in enumerate(text):
            depth += (char in "([") - (char in ")]")
            if char == ":" and depth == 0 and ":" not in text[i - 1:i] + text[i + 1:i + 2] and ")" in text[:i]:
                return text[i:]
        return ""

    def namespace(self, text: str, prefix: str) -> None:
        self.at += 1
        self.header.doc += self.pending
        parts = text.split()[1:]
        name = parts[0] if parts else "detail"
        inner = name.removeprefix("fid").removeprefix("::")
        below: list[Declaration] = []
        self.scope(below, f"{prefix}{inner}::" if inner else prefix, "")
        if not INTERNAL.match(inner):
            self.header.declarations += below

    def type(self, template: str, text: str, prefix: str) -> Declaration:
        head = HEAD.match(text.strip())
        kind = "enum" if head["key"].startswith("enum") else "class"
        made = Declaration(kind, prefix + head["name"], tidied(f"{template} {head['key']} {head['name']}"),
                           [])
        self.at += 1
        if kind == "enum":
            self.enumerators(made)
        else:
            for base in re.split(r",\s*(?![^<]*>)", head["bases"] or ""):
                if "private" not in base and base:
                    made.bases.append(re.sub(r"public|virtual|<.*", "", base, flags=re.S).strip())
            self.scope(made.members, "", head["name"], head["key"] == "struct")
        self.at = self.text.index(";", self.at) + 1
        return made

    def enumerators(self, made: Declaration) -> None:
        end = self.text.index("}", self.at)
        above: list[str] = []
        for line in self.text[self.at:end].splitlines():
            if value := re.match(r"\s*(\w+)[^/]*(?:///< (.*))?$", line):
                made.members.append(Declaration("variable", value[1], value[1],
                                                above + ([value[2]] if value[2] else [])))
                above = []
            elif more := re.match(r"\s*///< (.*)", line):
                made.members[-1].doc.append(more[1])
            elif comment := re.match(r"\s*/// (.*)", line):
                above.append(comment[1])
        self.at = end + 1

    def made(self, text: str, prefix: str, owner: str) -> Declaration | None:
        text = tidied(text)
        if text.startswith("template class"):
            return None  # instantiated elsewhere
        template, rest = without_template(text)
        if template == "template <>" or re.match(r"friend\b|static_assert\b|(class|struct|enum) \w+$", rest) or not rest:
            return None
        if "= delete" in rest or rest.startswith("~") or " operator=(" in rest:
            return None
        if owner and re.match(rf"{owner}\((const )?{owner}(<\w+>)? ?&&?( \w+)?\)", rest):
            return None  # copying and moving: the comment above the class says what can be done
        rest = re.sub(r" = default$", "", rest)
        if concept := re.match(r"concept (\w+)", rest):
            return Declaration("concept", prefix + concept[1], f"{template} concept {concept[1]}", [])
        if re.match(r"using\b", rest):
            alias = re.match(r"using (\w+) =", rest)
            return Declaration("type", prefix + alias[1], text, []) if alias else None
        if "->" in rest and "(" in rest and "auto " not in rest:
            return None  # what only helps deduction
        before = re.split(r"[=({]", rest)[0]
        if re.search(r"\w(<[\w, ]*>)?::(operator|[~\w]+ ?$)", before) and "(" in rest:
            return None  # a member, defined outside of its class
        if "(" in rest and (rest[len(before)] == "(" or "operator" in before):
            return Declaration("function", prefix + name_of_function(text), text, [])
        if "::" in before.split()[-1]:
            return None  # defined elsewhere than it is declared
        value = re.search(r" = [\w.:']+$", text)
        return Declaration("variable", prefix + before.split()[-1],
                           re.split(r" ?[={]", text)[0] + (value[0] if value else ""), [])


def read_headers(roots: list[Path]) -> dict[str, Header]:
    """All of them, by the path they are included with."""
    found = {}
    for root in roots:
        for path in sorted(root.rglob("*.hpp")):
            include = str(path.relative_to(root))
            found[include] = Reader(path, include).header
    return found
