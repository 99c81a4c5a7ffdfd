"""Opens the lab's page in headless Chromium, and uses it with the keyboard and with both colour schemes.

usage: browse.py URL FOLDER TOKEN

Writes screenshots to the directory FOLDER, disarms the first node with the operator's token, and prints what the page shows as JSON.
"""
import base64
import json
import pathlib
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


# JavaScript functions that compute the contrast of two colours (WCAG 2).
CONTRAST = """
    const light = text => {
      const [r, g, b] = text.match(/[0-9.]+/g).map(value => value / 255).map(
        value => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4);
      return .2126 * r + .7152 * g + .0722 * b;
    };
    const contrastOf = (one, other) => {
      const [a, b] = [light(one), light(other)];
      return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    };
"""


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def wait(driver, words):
    for _ in range(100):
        rows = driver.find_elements(By.CSS_SELECTOR, "#nodes > li")
        if rows and driver.find_element(By.ID, "link").text == words:
            return rows
        time.sleep(0.1)
    raise SystemExit("the page shows no nodes")


def look(driver, size, scheme, folder, prefix=""):
    width, height = SIZES[size]
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": size != "desktop"})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    time.sleep(0.3)
    picture = driver.execute_cdp_cmd("Page.captureScreenshot", {})
    (folder / f"{prefix}{size}-{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
    # The width is that of the window: a browser of a phone widens its own innerWidth for a page that is too wide.
    return {"width": width} | driver.execute_script(CONTRAST + """
        const style = getComputedStyle(document.body);
        const paper = element => {
          for (; element; element = element.parentElement) {
            const colour = getComputedStyle(element).backgroundColor;
            if (!/, 0\\)$/.test(colour)) return colour;
          }
          return 'rgb(255, 255, 255)';
        };
        let contrast = 21, smallest = 1000;
        for (const element of document.querySelectorAll('body *')) {
          if (![...element.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
          if (!element.offsetParent || element.closest('.hidden, noscript')) continue;
          contrast = Math.min(contrast, contrastOf(getComputedStyle(element).color, paper(element)));
        }
        for (const button of document.querySelectorAll('button'))
          if (button.offsetHeight) smallest = Math.min(smallest, button.offsetHeight);
        return {wide: document.documentElement.scrollWidth, background: style.backgroundColor,
                contrast: Math.round(contrast * 100) / 100, button: smallest};
    """)


def main(url, folder, token):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    driver = browser()
    try:
        driver.get(url)
        wait(driver, "live")
        shown = {"views": {f"{size}-{scheme}": look(driver, size, scheme, folder) for size in SIZES for scheme in ("light", "dark")}}
        # With the keyboard: j focuses the first node and then the next one, Enter opens it.
        shown["focused"] = []
        for _ in range(2):
            driver.switch_to.active_element.send_keys("j")
            button = driver.switch_to.active_element
            before = button.get_attribute("aria-expanded")
            button.send_keys(Keys.ENTER)
            shown["focused"].append([button.text, before, button.get_attribute("aria-expanded")])
        shown["rows"] = [
            [row.find_element(By.CSS_SELECTOR, part).get_attribute("textContent") for part in ("h2", ".state", ".time", ".note bdi", ".advice")]
            for row in driver.find_elements(By.CSS_SELECTOR, "#nodes > li")]
        shown["bars"] = driver.execute_script("return [...document.querySelectorAll('progress')].map(bar => bar.position * 100)")
        shown["panels"] = [panel.text for panel in driver.find_elements(By.CSS_SELECTOR, ".panel:not([hidden])")]
        shown["title"] = driver.title
        driver.find_element(By.CSS_SELECTOR, ".panel .buttons button").click()
        driver.find_element(By.ID, "token").send_keys(token, Keys.ENTER)
        answer = driver.find_element(By.ID, "answer")
        for _ in range(100):
            if answer.text and driver.execute_script("return !isSending"):
                break
            time.sleep(0.1)
        shown["answer"] = answer.text
        shown["elements"] = driver.execute_script("return document.querySelectorAll('img, script:not([src]), b, iframe').length")
        shown["requests"] = driver.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
        shown["console"] = [entry["message"] for entry in driver.get_log("browser")]
        print(json.dumps(shown))
    finally:
        driver.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
