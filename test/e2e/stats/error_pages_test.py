"""Error pages of http-errors sections: which of them a proxy answers with."""
import unittest

from proxy import Proxy, free_port, scratch_directory
from traffic import connect, read_all

# What a frontend says of error pages, and the page that it has for 503; b"" is an answer of no bytes.
FRONTENDS = {
    "imports all": ("errorfiles site", b"site"),
    "imports by code": ("errorfiles site 400 503", b"site"),
    "imports another code": ("errorfiles site 400", None),
    "own behind": ("errorfiles site\nerrorfile 503 {own}", b"own"),
    "own before": ("errorfile 503 {own}\nerrorfiles site", b"site"),
    "own between": ("errorfiles other\nerrorfile 503 {own}\nerrorfiles site", b"site"),
    "own before another code": ("errorfile 503 {own}\nerrorfiles site 400", b"own"),
    "last section": ("errorfiles site\nerrorfiles other", b"other"),
    "last line of a section": ("errorfiles twice", b"other"),
    "empty": ("errorfiles empty", b""),
    "of a section that follows": ("errorfiles later", b"site"),
}
# The same below a defaults section that imports "site".
HEIRS = {
    "inherits": ("", b"site"),
    "adds its own": ("errorfile 503 {own}", b"own"),
    "adds a section": ("errorfiles other", b"other"),
    "adds another code": ("errorfiles other 400", b"site"),
}


class ErrorPagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = scratch_directory()
        files = {name: f"{directory}/{name}.http" for name in ("site", "other", "own")}
        for name, path in files.items():
            with open(path, "w", encoding="ascii", newline="") as file:
                file.write(f"HTTP/1.0 503 Of {name}\r\nContent-Length: {len(name)}\r\n\r\n{name}")
        cls.ports = {name: free_port() for name in [*FRONTENDS, *HEIRS]}

        def section(name, *pages):
            return f"http-errors {name}\n" + "".join(f"errorfile {page}\n" for page in pages)

        def frontends(group):
            return "".join(f"frontend f{cls.ports[name]}\nbind 127.0.0.1:{cls.ports[name]}\nmonitor-uri /\nmonitor fail if TRUE\n{words.format(**files)}\n"
                           for name, (words, _) in group.items())

        defaults = "defaults\nmode http\ntimeout client 5s\n"
        site = f"503 {files['site']}", f"400 {files['site']}"
        cls.proxy = Proxy(section("site", *site) + section("other", f"503 {files['other']}", f"400 {files['other']}")
                          + section("twice", f"503 {files['site']}", f"503 {files['other']}") + section("empty", "503 /dev/null")
                          + defaults + frontends(FRONTENDS) + defaults + "errorfiles site\n" + frontends(HEIRS) + section("later", *site))
        cls.addClassCleanup(cls.proxy.close)

    def test_pages(self):
        for name, (_, page) in {**FRONTENDS, **HEIRS}.items():
            with self.subTest(name), connect(self.ports[name]) as client:
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                answer = read_all(client)
                if page is None:
                    self.assertIn(b"No server is available to handle this request.", answer)
                elif page:
                    self.assertEqual(answer.split(b"\r\n")[0], b"HTTP/1.0 503 Of " + page)
                    self.assertTrue(answer.endswith(b"\r\n\r\n" + page), answer)
                else:
                    self.assertEqual(answer, b"")


if __name__ == "__main__":
    unittest.main()
