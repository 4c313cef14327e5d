"""A headless Chromium, driven over the WebDriver protocol with what Python brings along."""
import atexit
import base64
import json
import os
import subprocess
import urllib.error
import urllib.request

from proxy import unheld_port, scratch_directory, wait_until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
DEADLINE_S = 10


class Browser:
    """One browser with one tab. Its profile goes when it is closed."""

    def __init__(self):
        port = unheld_port()
        self.profile = scratch_directory()
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env={**os.environ, "HOME": self.profile, "XDG_CONFIG_HOME": self.profile})
        atexit.register(self.close)
        self.base = f"http://127.0.0.1:{port}"
        self.session = None
        wait_until(self._ready, "chromedriver answers", DEADLINE_S)
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", f"--user-data-dir={self.profile}/data"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments},
                  "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"}}
        self.session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self.base += f"/session/{self.session}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _ready(self):
        try:
            return self._send("GET", "/status")["ready"]
        except OSError:
            return False

    def _send(self, method, path, values=None):
        data = json.dumps(values or {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            said = json.load(error)["value"]
            raise AssertionError(f"{path}: {said['error']}: {said['message'].splitlines()[0]}") from None

    def command(self, name, **values):
        """One command of the browser's own protocol, for what WebDriver has no word."""
        return self._send("POST", "/goog/cdp/execute", {"cmd": name, "params": values})

    def open(self, url):
        self._send("POST", "/url", {"url": url})

    def url(self):
        return self._send("GET", "/url")

    def run(self, script, *arguments):
        """The value of `return ...` in the script; elements come and go as arguments."""
        return self._send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        """As run(), for a script that calls its last argument with the value."""
        return self._send("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self._send("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def text(self, selector):
        return self._send("GET", f"/element/{self.find(selector)}/text")

    def click(self, selector):
        self._send("POST", f"/element/{self.find(selector)}/click")

    def write(self, selector, text):
        element = self.find(selector)
        self._send("POST", f"/element/{element}/clear")
        self._send("POST", f"/element/{element}/value", {"text": text})

    def press(self, key):
        """One key for what has the focus."""
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def wait(self, script, what, deadline=DEADLINE_S):
        wait_until(lambda: self.run(script), what, deadline)

    def look(self, scheme="light", width=1280, height=900):
        """Light or dark, and the window's size."""
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=width < 600)

    def scripts(self, on):
        self.command("Emulation.setScriptExecutionDisabled", value=not on)

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._send("GET", "/screenshot")))

    def log(self, kind):
        return self._send("POST", "/se/log", {"type": kind})

    def requests(self):
        """The addresses that were asked for since the last call."""
        messages = (json.loads(entry["message"])["message"] for entry in self.log("performance"))
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the console says in red: errors of the script, and of the Content-Security-Policy."""
        return [entry["message"] for entry in self.log("browser") if entry["level"] == "SEVERE"]

    def close(self):
        if self.session:
            try:
                self._send("DELETE", "")
            except (OSError, AssertionError):
                pass  # It is gone already.
            self.session = None
        if self.driver.poll() is None:
            self.driver.terminate()
            self.driver.wait()
