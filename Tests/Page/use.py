"""Uses the lab's page in headless Chromium as a person does, with a server that sends prepared messages.

usage: use.py EXAMPLE.json FOLDER

EXAMPLE.json has the page's Content-Security-Policy and the messages, as the real server sends them. Writes screenshots to the
directory FOLDER, and prints as JSON what the page showed at each step.
"""
import http.server
import json
import pathlib
import queue
import sys
import threading
import time

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browse import browser, look

PAGE = pathlib.Path(__file__).resolve().parents[2] / "Sources/Server/Page"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
TOKEN = "operators-token"

# The clock of the browser stands still until the test moves it.
CLOCK = """
    (() => {
      let now = 1800000000000;
      Date.now = () => now;
      window.moveClock = seconds => { now += seconds * 1000; };
    })();
"""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, policy):
        super().__init__(("127.0.0.1", 0), Handler)
        self.policy, self.posts, self.streams, self.isUp = policy, [], [], True
        self.lock = threading.Lock()
        # What a new stream of events begins with.
        self.first = None

    def send(self, text):
        with self.lock:
            for stream in self.streams:
                stream.put(text)

    def message(self, update):
        self.send(f"data: {json.dumps(update)}\n\n")

    def handle_error(self, request, client):
        """Ignores clients that have left."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, type, body):
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        file = PAGE / ("lab.html" if self.path == "/" else self.path[1:])
        if self.path == "/events" and self.server.isUp:
            self.events()
        elif file.parent == PAGE and file.is_file():
            self.answer(200, TYPES[file.suffix], file.read_bytes())
        else:
            self.answer(404 if self.server.isUp else 503, "text/plain", b"no such path\n")

    def events(self):
        stream = queue.Queue()
        with self.server.lock:
            stream.put(f"data: {json.dumps(self.server.first)}\n\n")
            self.server.streams.append(stream)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        while (text := stream.get()) is not None:
            self.wfile.write(text.encode())
        self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posts.append({
            "path": self.path, "token": self.headers["Authorization"], "origin": self.headers["Origin"] is not None, "body": body})
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.answer(401, "text/plain", b"the operator's token is missing or wrong\n")
        elif "xen002" in body:
            self.answer(409, "text/plain", b"the tree was not built from this lab\n")
        else:
            self.answer(200, "text/plain", "".join(f"{name} is armed\n" for name in body.split()).encode())


class Page:
    def __init__(self, driver, server):
        self.driver, self.server = driver, server

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, *arguments):
        """Waits until a JavaScript expression is true."""
        for _ in range(300):
            if self.run(f"return {script}", *arguments):
                return
            time.sleep(0.1)
        raise SystemExit(f"never true: {script}; the page shows:\n{self.run('return document.body.innerText')[:2000]}")

    def message(self, update):
        """Sends a message and waits until the page has taken it."""
        self.run("window.taken = false; events.addEventListener('message', () => { window.taken = true; }, {once: true})")
        self.server.message(update)
        self.wait("window.taken")

    def find(self, id):
        return self.driver.find_element(By.ID, id)

    def names(self):
        return self.run("return [...document.querySelectorAll('#nodes > li:not([hidden]) h2 button')].map(name => name.textContent)")

    def row(self, name):
        return self.run("""
            const {view} = entries.get(arguments[0]);
            return {state: view.state.textContent, note: view.reason.textContent, advice: view.advice.textContent,
                    left: view.left.textContent, time: view.time.textContent, top: view.item.getBoundingClientRect().top};
        """, name)

    def click(self, name):
        self.run("entries.get(arguments[0]).view.toggle.click()", name)

    def filter(self, text):
        self.run("find('text').value = arguments[0]; find('text').dispatchEvent(new Event('input'))", text)
        return self.names()

    def dialog(self):
        return {id: self.find(id).text for id in ("question", "effect", "concerned", "answer", "confirm", "cancel")} | {
            "token": self.find("token").is_displayed(), "focused": self.driver.switch_to.active_element.get_attribute("id")}


def main(example, folder):
    example = json.loads(pathlib.Path(example).read_text())
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(example["policy"])
    first, idle, busy, fewer = example["messages"]
    server.first = first
    threading.Thread(target=server.serve_forever, daemon=True).start()
    driver = browser()
    shown = {}
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": CLOCK})
        driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "UTC"})
        driver.execute_cdp_cmd("Emulation.setLocaleOverride", {"locale": "en-GB"})
        driver.get(f"http://127.0.0.1:{server.server_port}/")
        page = Page(driver, server)
        page.wait("find('link').textContent === 'live' && list.children.length")
        shown["views"] = {f"{size}-{scheme}": look(driver, size, scheme, folder, "lab-") for size in ("phone", "desktop")
                          for scheme in ("light", "dark")}
        shown["first"] = page.names()
        shown["title"] = driver.title
        shown["states"] = [element.text for element in page.find("states").find_elements(By.TAG_NAME, "button")]
        shown["rows"] = {name: page.row(name) for name in example["rows"]}
        page.run("moveClock(90); entries.forEach(tick)")
        shown["later"] = {name: page.row(name) for name in example["rows"]}

        # The filter.
        shown["filtered"] = {text: page.filter(text) for text in example["filters"]}
        shown["nothing"] = page.find("none").is_displayed()
        page.filter("")
        page.find("states").find_element(By.CLASS_NAME, "failed").click()
        shown["failed"] = page.names()
        page.find("states").find_element(By.CLASS_NAME, "underWay").click()
        shown["failedAndInstalling"] = page.names()
        for state in ("failed", "underWay"):
            page.find("states").find_element(By.CLASS_NAME, state).click()

        # A message is sorted in while nobody reads. The button of the state has the focus, but not the list.
        page.message(idle)
        shown["idle"] = page.names()
        shown["spoken"] = page.find("spoken").get_attribute("textContent")
        # While somebody reads, rows stay where they are.
        page.click("xen100")
        page.run("entries.get('xen100').view.item.scrollIntoView()")
        page.run("scrollBy(0, -200)")
        before = page.row("xen100")["top"]
        page.message(busy)
        shown["busy"] = page.names()
        shown["moved"] = page.row("xen100")["top"] - before
        shown["busyTitle"] = driver.title
        shown["sort"] = page.find("sort").text
        look(driver, "desktop", "light", folder, "busy-")
        page.find("sort").click()
        shown["sorted"] = page.names()
        shown["sortAfter"] = page.find("sort").text

        # The details, which stay the same elements when a message comes.
        page.click("xen100")
        page.click("xen050")
        panel = "entries.get('xen050').view.panel"
        shown["panel"] = page.run(f"return {panel}.innerText")
        page.run(f"window.oldElements = [...{panel}.querySelectorAll('*')]; getSelection().selectAllChildren({panel}.querySelector('pre'))")
        selection = page.run("return String(getSelection())")
        page.message(busy)
        shown["kept"] = page.run(f"return oldElements.every(element => {panel}.contains(element))") and (
            page.run("return String(getSelection())") == selection != "")
        page.run("entries.get('xen050').view.item.scrollIntoView()")
        look(driver, "phone", "light", folder, "open-")
        look(driver, "desktop", "dark", folder, "open-")
        page.click("xen050")
        shown["report"] = page.run("""
            open.add('xen010'); draw(entries.get('xen010'));
            const text = entries.get('xen010').view.panel.innerText;
            open.delete('xen010'); draw(entries.get('xen010'));
            return text;
        """)
        shown["links"] = page.run("return [...document.querySelectorAll('a')].map(link => link.getAttribute('href'))")
        shown["elements"] = page.run("return document.querySelectorAll('img, script:not([src]), b, iframe').length")

        # Arming, with the keyboard: the token is asked for, refused, and asked for again.
        for name in ("xen100", "xen050"):
            page.run("entries.get(arguments[0]).view.pick.focus()", name)
            driver.switch_to.active_element.send_keys(Keys.SPACE)
        shown["selected"] = page.find("selected").text
        page.find("arm").send_keys(Keys.ENTER)
        shown["asked"] = page.dialog()
        look(driver, "phone", "dark", folder, "arm-")
        look(driver, "desktop", "light", folder, "arm-")
        driver.switch_to.active_element.send_keys("wrong", Keys.ENTER)
        page.wait("!isSending && find('answer').textContent")
        shown["refused"] = page.dialog()
        shown["forgotten"] = page.run("return sessionStorage.getItem('token')")
        driver.switch_to.active_element.send_keys(TOKEN, Keys.ENTER)
        page.wait("!isSending && find('confirm').hidden")
        shown["armed"] = page.dialog()
        driver.switch_to.active_element.send_keys(Keys.ENTER)
        shown["closed"] = not page.find("dialog").is_displayed() and page.find("selected").text
        # The token is known now.
        page.run("ask('disarm', ['xen001'])")
        shown["known"] = page.dialog()
        page.find("confirm").click()
        page.wait("!isSending && find('confirm').hidden")
        page.find("cancel").click()
        page.run("ask('arm', ['xen002'])")
        page.find("confirm").click()
        page.wait("!isSending && find('answer').textContent")
        shown["conflict"] = page.dialog()
        page.find("cancel").click()
        shown["posts"] = server.posts
        shown["keptToken"] = page.run("return {session: sessionStorage.getItem('token'), local: localStorage.length, cookie: document.cookie, url: location.pathname + location.search + location.hash}")
        shown["console"] = [entry["message"] for entry in driver.get_log("browser") if "401" not in entry["message"] and "409" not in entry["message"]]

        # The keys j and k move in the list, but not in the filter.
        page.run("find('text').focus()")
        page.find("text").send_keys("jk")
        shown["typed"] = page.find("text").get_attribute("value")
        page.filter("")
        page.run("find('text').blur()")
        body = driver.find_element(By.TAG_NAME, "body")
        body.send_keys("jjk")
        shown["focused"] = driver.switch_to.active_element.text

        # The connection ends, and the lab has one node less when it is there again.
        server.isUp, server.first = False, fewer
        server.send(None)
        page.wait("!find('lost').hidden")
        shown["lost"] = page.find("lost").text
        look(driver, "phone", "light", folder, "lost-")
        server.isUp, server.streams = True, []
        page.wait("find('lost').hidden && entries.size === arguments[0]", len(fewer["nodes"]))
        # A connection on which nothing comes is given up, once the server is known to send beats.
        server.send("event: beat\ndata: -\n\n")
        page.wait("hasBeats")
        page.run("window.oldEvents = events; moveClock(36)")
        page.wait("events !== oldEvents && find('lost').hidden")
        shown["reconnected"] = page.run("return oldEvents.readyState")
        print(json.dumps(shown))
    finally:
        driver.quit()
        server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
