"""Accessibility: axe-core finds nothing to complain of, in light, dark and on a phone, with and without the script."""
import unittest

from page import PageTest, audit_script

WINDOWS = {"light": ("light", 1280, 900), "dark": ("dark", 1280, 900), "phone": ("light", 390, 844),
           "dark phone": ("dark", 390, 844)}


class AuditTest(PageTest):
    settings = "    stats show-legends\n    stats show-node\n    stats show-modules\n    stats show-desc the <b>page</b>"

    def complaints_of_audit(self):
        self.browser.run(audit_script())
        found = self.browser.run_async("""
            const done = arguments[arguments.length - 1];
            axe.run(document).then((result) => done(result.violations.concat(result.incomplete.filter(
              (one) => one.impact === "critical"))), (error) => done(String(error)))""")
        return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]

    def test_the_audit_finds_nothing(self):
        self.connect(3)
        self.nodes.kill(3)
        self.addCleanup(self.nodes.revive, 3)
        self.proxy.wait_for("show stat", "ddb_backend,node4,.*DOWN")
        self.proxy.ask("set server ddb_backend/node1 state drain; set server ddb_backend/node2 state maint")
        for name, window in WINDOWS.items():
            for suffix in ("", ";st=DONE;all"):
                with self.subTest(name, suffix=suffix):
                    self.browser.look(*window)
                    self.open(suffix)
                    self.assertEqual(self.complaints_of_audit(), [])
        self.browser.scripts(False)
        self.open(";st=DENY;norefresh", updated=False)
        self.browser.scripts(True)  # For the audit's own; the page's has not run.
        self.assertEqual(self.complaints_of_audit(), [])

    def test_it_fits_on_a_phone(self):
        self.browser.look("light", 390, 844)
        self.open()
        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 390)

    def test_the_keyboard_reaches_what_the_mouse_does(self):
        self.open()
        self.browser.press("\ue004")
        self.assertEqual(self.browser.run("return document.activeElement.className"), "skip")
        self.browser.run("document.querySelector('thead th[data-f=scur] button').focus()")
        self.browser.press("\ue007")
        self.assertEqual(self.browser.run("return document.querySelector('thead th[data-f=scur]').ariaSort"), "descending")


if __name__ == "__main__":
    unittest.main()
