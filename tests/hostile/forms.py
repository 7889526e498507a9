"""The verbs and forms that are tried on every capture."""

# name, words (`{}` is the capture, `{other}` another one, `{folder}` a fresh folder), whether what is printed is JSON
FORMS = [
    ("read", ["read", "{}"], False),
    ("read -vv -x", ["read", "-vv", "-x", "{}"], False),
    ("read --json", ["read", "--json", "{}"], True),
    ("conversations -v", ["conversations", "-v", "{}"], False),
    ("conversations --json", ["conversations", "--json", "{}"], True),
    ("http -v", ["http", "-v", "{}"], False),
    ("http --json", ["http", "--json", "{}"], True),
    ("explain", ["explain", "{}"], False),
    ("explain --json", ["explain", "--json", "{}"], True),
    ("follow", ["follow", "{}", "0"], False),
    ("diff", ["diff", "{}", "{other}"], False),
    ("diff --json", ["diff", "--json", "{}", "{other}"], True),
    ("diff --runs", ["diff", "--runs", "{}", "{other}"], False),
    ("save", ["http", "--save", "{folder}", "{}"], False),
    ("annotate", ["read", "--annotate", "-w", "{folder}/annotated.pcapng", "{}"], False),
]


def words(form, binary, capture, other, folder):
    """A form's command for a capture."""
    places = {"{}": capture, "{other}": other}
    return [binary, *(places.get(word) or word.replace("{folder}", folder) for word in form[1])]


def needs_folder(form):
    """Whether it writes files."""
    return any("{folder}" in word for word in form[1])
