#!/usr/bin/env python3
"""usage: tests/tidy/tidy.py [ROOT [RULE]]

The rules of this tree that no compiler checks. Each finding is one line: file:line, what is wrong, and
what to do. The status is 0 when there is none. tidy_test.py plants a violation of every rule.
"""

import collections
import pathlib
import re
import sys

LINES_MAX = 400
COLUMNS_MAX = 100
SENTENCE_COLUMNS_MAX = 220

# Which folders of src/ each folder of src/ may include.
MAY_INCLUDE = {
    "core": "core",
    "host": "core host",
    "agent": "core host agent",
    "chain": "core host chain",
    "admin": "core host agent chain admin",
    "issuer": "core issuer",
    "aws": "core aws",
    "client": "core aws client",
    "console": "core aws client console",
    "emulator": "core issuer aws emulator",
}

REACHES_OUTSIDE = [
    r'^ *# *include *<(curl/|spdlog/|httplib|nlohmann/|CLI/|fstream|filesystem|iostream|thread|syslog\.h'
    r'|netdb\.h|unistd\.h|fcntl\.h|pwd\.h|stdio\.h|cstdio|arpa/|netinet/|sys/)',
    r'(^|[^\w:.>])(std::|::)?(time|getenv|secure_getenv|gettimeofday|clock_gettime|fopen|printf)\(',
    r'(system|steady|high_resolution)_clock::now',
]

LEFT_OUT = ("build", ".git")


class Tree:
    """The files below one folder, read once, and the findings about them."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.findings = []
        self._texts = {}

    def find(self, *patterns):
        """Paths of files that match, relative to the root, sorted; build/ and .git/ are left out."""
        found = set()
        for pattern in patterns:
            for path in self._all() if pattern == "**/*" else self.root.glob(pattern):
                relative = path.relative_to(self.root)
                if relative.parts[0] not in LEFT_OUT and path.is_file():
                    found.add(relative.as_posix())
        return sorted(found)

    def _all(self):
        """Every path that is not left out: a running tree in build/ is not even entered, as it changes."""
        for top in self.root.iterdir():
            if top.name not in LEFT_OUT:
                yield top
                yield from top.rglob("*")

    def text(self, path):
        """The text of `path`; "" when there is no such file."""
        if path not in self._texts:
            file = self.root / path
            self._texts[path] = file.read_text("utf-8", "replace") if file.is_file() else ""
        return self._texts[path]

    def lines(self, path):
        """Pairs of line number and line."""
        return list(enumerate(self.text(path).splitlines(), 1))

    def line_of(self, path, words):
        """The number of the first line that has `words`, or 1."""
        return next((number for number, line in self.lines(path) if words in line), 1)

    def finding(self, path, line, words):
        self.findings.append(f"{path}:{line}: {words}")

    def each_hit(self, words, regex, paths):
        """One finding for each line that matches."""
        for path in paths:
            for number, line in self.lines(path):
                if re.search(regex, line):
                    self.finding(path, number, words)


def sources(tree):
    return tree.find("src/**/*.cc", "src/**/*.h")


def exceptions(tree, path, is_needed):
    """The names in a list of exceptions. Each has its explanation on its line, and must still be needed."""
    names = set()
    for number, line in tree.lines(path):
        name, _, why = line.strip().partition(" ")
        if not name or name.startswith("#"):
            continue
        names.add(name)
        if not why.strip():
            tree.finding(path, number, f"{name} has no explanation: write it behind the name")
        if not is_needed(name):
            tree.finding(path, number, f"{name} needs no exception (any more): remove the line")
    return names


# --- the code map -----------------------------------------------------------------------------------------


def code_map(tree):
    """Pairs of line and path: the first word of each line in the fenced block below "## Code map"."""
    in_section = in_block = False
    for number, line in tree.lines("README.md"):
        if line.startswith("## "):
            in_section, in_block = line.startswith("## Code map"), False
        elif in_section and line.startswith("```"):
            in_block = not in_block
        elif in_section and in_block and line.strip():
            for word in re.split(r" {2,}", line.strip())[0].split(" "):
                yield number, word


def rule_code_map_names_the_tree(tree):
    for line, path in code_map(tree):
        if not any(tree.root.glob(path.rstrip("/"))):
            tree.finding("README.md", line, f"the code map names {path}, which does not exist: correct the map")


def rule_folders_are_on_code_map(tree):
    named = {path.rstrip("/") for _, path in code_map(tree)}
    if not named:
        tree.finding("README.md", 1, "there is no code map: write a fenced block below '## Code map'")
        return
    folders = {path.rsplit("/", 1)[0] for path in sources(tree) if path.count("/") > 1}
    for folder in sorted({"/".join(folder.split("/")[:2]) for folder in folders} - named):
        tree.finding(folder, 1, f"is not on the code map: add a line {folder}/ to README.md")


def opening_comment(tree, path):
    """The comment that a file begins with, as one line of text."""
    words = []
    for _, line in tree.lines(path):
        if line.startswith("#!"):
            continue
        text = re.match(r"^(?://|#) ?(.*)$", line)
        if not text or (line.startswith("#") and path.startswith("src/")):
            break
        if not text[1].strip():
            break
        words.append(text[1].strip())
    return " ".join(words)


def first_sentence(comment):
    """Up to the first full stop or question mark at the end of a word; "" without one."""
    end = re.search(r"[.?](?=\s|$)", comment)
    return comment[: end.end()] if end else ""


def rule_files_say_what_they_are(tree):
    seen = {}
    for path in tree.find("src/**/*.cc", "src/**/*.h", "src/**/*.mjs"):
        if path.endswith(".cc") and tree.text(path[:-3] + ".h"):
            continue
        sentence = first_sentence(opening_comment(tree, path))
        if len(sentence.split()) < 3:
            tree.finding(path, 1, "does not say what it is: begin it with a comment whose first sentence does")
        elif len(sentence) > SENTENCE_COLUMNS_MAX:
            tree.finding(path, 1, f"begins with a sentence of over {SENTENCE_COLUMNS_MAX} characters: divide it")
        elif sentence in seen:
            tree.finding(path, 1, f"begins with the sentence of {seen[sentence]}: say what this file is")
        seen.setdefault(sentence, path)


# --- the source -------------------------------------------------------------------------------------------


def rule_tests_are_registered(tree):
    lists = "\n".join(tree.text(path) for path in tree.find("tests/**/CMakeLists.txt"))
    registered = set(re.findall(r"[\w.-]+", lists))
    for path in tree.find("tests/**/*_test.cc"):
        folder, name = path.rsplit("/", 1)
        if name not in registered:
            tree.finding(path, 1, f"is built by no CMakeLists.txt: name it in {folder}/CMakeLists.txt")


def rule_includes_point_one_way(tree):
    include = re.compile(rf'^ *# *include +"(?:\.\./)*({"|".join(MAY_INCLUDE)}|tests)/')
    for path in sources(tree):
        folder = path.split("/")[1]
        allowed = MAY_INCLUDE.get(folder, "").split()
        for number, line in tree.lines(path):
            target = include.match(line)
            if target and folder in MAY_INCLUDE and target[1] not in allowed:
                tree.finding(path, number, f"src/{folder} must not include {target[1]}/: it may use {' '.join(allowed)}")


def rule_core_has_no_outside(tree):
    words = "src/core reaches outside: take what it needs as an argument, from src/host"
    for regex in REACHES_OUTSIDE:
        tree.each_hit(words, regex, tree.find("src/core/**/*.h", "src/core/**/*.cc"))


def rule_files_are_short(tree):
    allowed_list = "tests/tidy/long_files.txt"
    is_long = lambda path: len(tree.lines(path)) > LINES_MAX
    allowed = exceptions(tree, allowed_list, is_long)
    for path in sources(tree):
        if is_long(path) and path not in allowed:
            tree.finding(path, LINES_MAX + 1,
                         f"is longer than {LINES_MAX} lines: divide it, or say in {allowed_list} why not")


def rule_lines_are_short(tree):
    tree.each_hit(f"is longer than {COLUMNS_MAX} columns: break the line", rf"^.{{{COLUMNS_MAX + 1},}}$", sources(tree))


def rule_files_include_once(tree):
    """clang-tidy has this check too, but ./dev lint joins files for it (tools/clang_tidy.py)."""
    for path in sources(tree):
        seen = set()
        for number, line in tree.lines(path):
            if line.startswith("#include "):
                if line in seen:
                    tree.finding(path, number, "includes what a line above includes: remove one of them")
                seen.add(line)


def version(tree):
    found = re.search(r"^project\(.* VERSION ([0-9.]+)", tree.text("CMakeLists.txt"), re.M)
    return found[1] if found else None


def rule_version_is_written_once(tree):
    current = version(tree)
    if not current:
        tree.finding("CMakeLists.txt", 1, "project() names no VERSION: add it there, and nowhere else")
        return
    if tree.text("CHANGELOG.md"):
        heading = next(((number, line) for number, line in tree.lines("CHANGELOG.md")
                        if re.match(r"## .*\d+\.\d+\.\d+", line)), (1, ""))
        if current not in heading[1]:
            tree.finding("CHANGELOG.md", heading[0],
                         f"the newest version is not {current} of CMakeLists.txt: make them the same")
    places = [f"{folder}/**/{name}" for folder in ("src", "packaging", "systemd", "tools")
              for name in ("*.cc", "*.h", "*.spec*", "*.service", "*.sh", "*.py")] + ["dev"]
    tree.each_hit("repeats the version: take it from project(VERSION)",
                  rf"(^|[^0-9.]){re.escape(current)}([^0-9.]|$)", tree.find(*places))
    for path in tree.find("doc/*.[1-8]", "doc/*.[1-8].in"):
        for number, line in tree.lines(path):
            if re.match(r"\.(TH|Os|Dt) ", line) and re.search(r"\d+\.\d+\.\d+", line) and current not in line:
                tree.finding(path, number, f"names another version than {current}: correct it")


def rule_keys_are_throw_away(tree):
    for path in tree.find("**/*"):
        number = next((n for n, line in tree.lines(path)
                       if re.match(r"-----BEGIN ([A-Z]+ )*PRIVATE KEY-----", line)), None)
        if number is None:
            continue
        folder = path.rpartition("/")[0]
        said = [path] + tree.find(f"{folder}/README*" if folder else "README*")
        if not any(re.search("throw-?away", tree.text(file), re.I) for file in said):
            tree.finding(path, number,
                         "holds a private key: say in it, or in a README next to it, that it is throw-away")


def rule_pipes_are_read_to_the_end(tree):
    """With pipefail, `... | grep -q` can fail although it matched: grep exits at its first hit, and the
    writer dies of SIGPIPE."""
    tree.each_hit("the quiet grep at the end of a pipe is a race: send its output to /dev/null instead",
                  r"(^|[^|])\| *grep (-[a-zA-Z]+ )*-[a-zA-Z]*q",
                  tree.find("dev", ".ci/run", "tools/**/*.sh", "tests/**/*.sh"))


# --- reasons and threats ----------------------------------------------------------------------------------


def slugs(tree):
    """Line of reason.cc of each slug."""
    return {found[1]: number for number, line in tree.lines("src/core/reason.cc")
            if (found := re.match(r' *\{Reason::k\w+, "([a-z0-9-]+)",', line))}


def rows(tree, path, heading):
    """Pairs of line number and row of the tables below a heading that matches."""
    in_section = False
    for number, line in tree.lines(path):
        if re.match(r"#+ ", line):
            in_section = bool(re.search(heading, line))
        elif in_section and line.startswith("|"):
            yield number, line


def rule_reasons_are_explained(tree):
    known = slugs(tree)
    explained = {found[1]: number for number, line in rows(tree, "doc/design.md", r"(?i)reasons")
                 if (found := re.match(r"\| *`([a-z0-9-]+)`", line))}
    for slug in sorted(known.keys() - explained.keys()):
        tree.finding("src/core/reason.cc", known[slug],
                     f"doc/design.md does not explain {slug}: add it to the table of reasons")
    for slug in sorted(explained.keys() - known.keys()):
        tree.finding("doc/design.md", explained[slug], f"the code knows no reason {slug}: remove the row")


def rule_reasons_have_vectors(tree):
    exception_list = "tests/tidy/reasons_without_vector.txt"
    known = slugs(tree)
    expected = set()
    for path in tree.find("tests/vectors/*"):
        for line in re.findall(r"^expect:(.*)$", tree.text(path), re.M):
            expected.update(line.split())
    allowed = exceptions(tree, exception_list, lambda slug: slug in known and slug not in expected)
    for slug in sorted(known.keys() - expected - allowed):
        tree.finding("src/core/reason.cc", known[slug],
                     f"no vector expects {slug}: add one to tests/vectors, or say in {exception_list} why there is none")


def rule_threats_name_tests(tree):
    """The last column of the table of threats names a file of tests/, a scenario NN-name, or vectors."""
    for number, line in rows(tree, "doc/design.md", "^## Threats"):
        for name in re.findall("`([^`]*)`", line.rsplit("|", 2)[1]):
            if name.startswith("tests/"):
                pattern = name
            elif re.match(r"\d\d-", name):
                pattern = f"tests/scenarios/{name}.sh"
            else:
                pattern = f"tests/vectors/{name}.vec"
            if not any(tree.root.glob(pattern)):
                tree.finding("doc/design.md", number,
                             f"the table of threats names {name}, and there is no {pattern}: correct it")


RULES = collections.OrderedDict(
    (name[len("rule_"):], function) for name, function in list(globals().items()) if name.startswith("rule_"))


def check(root, names=None):
    """The findings of the rules, of all without names."""
    tree = Tree(root)
    for name in names or RULES:
        RULES[name](tree)
    return tree.findings


def main(arguments):
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parents[2]
    unknown = [name for name in arguments[1:] if name not in RULES]
    if unknown or not pathlib.Path(root).is_dir():
        print(f"tidy: no rule {unknown[0]}; there are {', '.join(RULES)}" if unknown else f"tidy: no folder {root}",
              file=sys.stderr)
        return 64
    findings = check(root, arguments[1:])
    for line in findings:
        print(line)
    if findings:
        print(f"tidy: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
