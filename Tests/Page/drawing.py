"""Opens a lab's drawing in headless Chromium, at a phone's and a desktop's width, with both colour schemes.

usage: drawing.py FILE.svg FOLDER

Writes screenshots to the directory FOLDER, and prints as JSON what is not readable: texts that leave the drawing, texts that
overlap, and the lowest contrast.
"""
import base64
import json
import pathlib
import sys

from browse import CONTRAST, SIZES, browser

LOOK = CONTRAST + """
    const box = element => element.getBoundingClientRect();
    const svg = document.documentElement, all = [...document.querySelectorAll('text')], whole = box(svg);
    const within = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
    const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
    const papers = ['.paper', '.node'].map(name => getComputedStyle(document.querySelector(name)).fill);
    const inks = [...document.querySelectorAll('text, tspan')].map(text => getComputedStyle(text).fill);
    const contrast = Math.min(...inks.flatMap(ink => papers.map(paper => contrastOf(ink, paper))));
    const overlaps = [];
    for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++)
      if (over(box(all[i]), box(all[j]))) overlaps.push([all[i].textContent, all[j].textContent]);
    return {width: svg.width.baseVal.value, texts: all.length, contrast: Math.round(contrast * 100) / 100, overlaps,
            outside: all.filter(text => !within(box(text), whole)).map(text => text.textContent),
            paper: getComputedStyle(document.querySelector('.paper')).fill};
"""


def main(file, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    driver, found = browser(), {}
    try:
        driver.get(pathlib.Path(file).resolve().as_uri())
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"})
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                    "features": [{"name": "prefers-color-scheme", "value": scheme}]})
                found[f"{size}-{scheme}"] = driver.execute_script(LOOK)
                picture = driver.execute_cdp_cmd("Page.captureScreenshot", {})
                (folder / f"drawing-{size}-{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
    finally:
        driver.quit()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
