"""What news-please and fundus make of a WARC file, for import_pages.py; to be run by a Python that has them.

Both extract what they can in one process. fundus reads only pages of its own publishers (VnExpress among the Vietnamese), and a
file only over HTTP, so it is served to it on loopback and measured by the pages that it takes.
"""

import functools
import logging
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def newsplease(path: Path) -> tuple[int, int]:
    from newsplease import NewsPlease
    from warcio.archiveiterator import ArchiveIterator

    read = found = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            read += 1
            try:
                found += bool(NewsPlease.from_warc(record, fetch_images=False).maintext)
            except Exception as error:  # noqa: BLE001 - it fails in its own ways
                print(f"    {type(error).__name__}: {error}", file=sys.stderr)
    return read, found


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


def fundus(path: Path) -> tuple[int, int]:
    from fundus import PublisherCollection
    from fundus.scraping.html import CCNewsSource

    publishers = {publisher.name: publisher for publisher in PublisherCollection.vn}
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(path.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    source = CCNewsSource(*publishers.values(), warc_path=f"http://127.0.0.1:{server.server_port}/{path.name}")
    read = found = 0
    for html in source.fetch():
        read += 1
        parsed = publishers[html.source_info.publisher].parser(html.crawl_date).parse(html.content, "catch")
        found += bool(str(parsed.get("body") or ""))
    server.shutdown()
    return read, found


def main() -> None:
    logging.disable(logging.CRITICAL)
    for name, run in (("news-please", newsplease), ("fundus", fundus)):
        began = time.perf_counter()
        try:
            read, found = run(Path(sys.argv[1]))
        except ImportError as error:
            print(f"  {name:24} cannot be imported: {error}")
            continue
        seconds = time.perf_counter() - began
        print(f"  {name:24} {read / seconds:7.1f} pages a second   (one process, {read} pages taken, {found} with text)")


if __name__ == "__main__":
    main()
