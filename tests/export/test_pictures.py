"""PNG and PDF look like the SVG, say what it says, and end where a machine would."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader

from analytics.errors import AnalyticsError
from analytics.export import PAPERS, Size
from analytics.export.fonts import holds_other_scripts, in_our_font, variable_font
from analytics.export.pdf import MOST_SHEETS, to_pdf
from analytics.export.raster import MOST_PIXELS, size_of, to_png
from analytics.model.artifacts import Drawing
from analytics.settings import ROOT
from tests.estate_runs import kept, run
from tests.estates import OWNER, application
from tests.own_plugins import PICTURES
from tests.sure import sure
from tests.web.browser import opened

#: Pixels that may look unlike those of Chromium, by more than a quarter of the way from black to white.
DIFFERENT = 0.005
NAMES = ("Front door", "Orders Ünïcode", "Счета")

SHOW = """([svg, font]) => (async () => {
  const face = new FontFace('Arimo', `url(data:font/ttf;base64,${font})`, {weight: '400 700'});
  document.fonts.add(await face.load());
  document.body.innerHTML = svg;
  await document.fonts.ready;
})()"""
PIXELS = """([ours, theirs]) => (async () => {
  const read = async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await read(ours), await read(theirs)];
  if (a.width !== b.width || a.height !== b.height) return [a.width, a.height, b.width, b.height].join(' ');
  let far = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    far += [0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 64);
  }
  return far / (a.width * a.height);
})()"""


def picture(*names: str) -> str:
    documents = {"applications": [application(1, 2, 3, name=names[0])]}
    documents["applications"] += [application(number, name=name) for number, name in enumerate(names[1:], 2)]
    return sure(run(kept(documents), "business", owner=OWNER).artifact(Drawing)).svg


def test_a_png_looks_as_chromium_paints_the_svg() -> None:
    svg = picture(*NAMES)
    width, height = (round(side) for side in size_of(svg))
    ours = base64.b64encode(to_png(svg, Size())).decode()
    font = base64.b64encode(variable_font().read_bytes()).decode()
    with opened(viewport={"width": width, "height": height}) as page:
        page.evaluate(SHOW, [in_our_font(svg), font])
        page.add_style_tag(content="body{margin:0}svg{display:block}")
        theirs = base64.b64encode(page.screenshot()).decode()
        far = page.evaluate(PIXELS, [ours, theirs])
        nothing = page.evaluate(PIXELS, [base64.b64encode(to_png(blank(svg), Size())).decode(), theirs])
    assert isinstance(far, float | int), far
    assert far < DIFFERENT < nothing, (far, nothing)


def blank(svg: str) -> str:
    """The same picture without a letter of text: what a missing font would look like."""
    return re.sub(r"<text.*?</text>", "", svg, flags=re.DOTALL)


def test_a_png_is_as_large_as_asked_and_the_same_every_time() -> None:
    svg = picture(*NAMES)
    width, height = size_of(svg)
    for scale in (1.0, 2.0, 4.0):
        png = to_png(svg, Size(scale))
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        found = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
        assert found == pytest.approx((width * scale, height * scale), abs=scale + 1)
    assert png == to_png(svg, Size(4.0))


def test_a_png_of_too_many_pixels_is_refused_with_a_scale_that_fits() -> None:
    svg = picture(*NAMES)
    with pytest.raises(AnalyticsError, match="a scale of") as told:
        to_png(svg, Size(400))
    width, height = size_of(svg)
    fits = float(sure(re.search(r"scale of ([0-9.]+) fits", str(told.value)))[1])
    assert 0.9 * MOST_PIXELS < width * height * fits**2 <= MOST_PIXELS


def test_letters_that_the_font_does_not_hold_are_left_to_the_machine() -> None:
    assert not holds_other_scripts(picture(*NAMES, "“a” → b … ×2"))
    assert holds_other_scripts(picture("数据"))
    assert to_png(picture("数据"), Size())


def test_a_pdf_is_one_page_of_words_that_can_be_found() -> None:
    svg = picture(*NAMES)
    pages = PdfReader(BytesIO(to_pdf(svg, Size()))).pages
    assert len(pages) == 1
    assert (float(pages[0].mediabox.width), float(pages[0].mediabox.height)) == pytest.approx(size_of(svg), abs=1)
    text = pages[0].extract_text()
    assert all(word in text for name in NAMES for word in name.split())
    used = cast(Any, pages[0])["/Resources"]["/Font"]
    fonts = {str(one.get_object()["/BaseFont"]) for one in used.values()}
    assert {name.partition("+")[2] for name in fonts} == {"Arimo-Regular", "Arimo-Bold"}


def test_equal_pictures_are_equal_pdfs_to_the_byte_in_another_process_too() -> None:
    svg = picture(*NAMES)
    for size in (Size(), Size(2), Size(4, "a4")):
        assert to_pdf(svg, size) == to_pdf(svg, size)
    code = "import sys; from analytics.export import Size, pdf; print(hash_of(pdf.to_pdf(sys.stdin.read(), Size())))"
    define = "from hashlib import sha256; hash_of = lambda data: sha256(data).hexdigest()\n"
    done = subprocess.run(
        [sys.executable, "-c", define + code], cwd=ROOT, input=svg, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == sha256(to_pdf(svg, Size())).hexdigest()


def test_a_poster_is_sheets_of_paper_that_show_one_picture_once_written() -> None:
    svg = picture(*NAMES)
    poster = to_pdf(svg, Size(4, "a4"))
    sheets = PdfReader(BytesIO(poster)).pages
    assert len(sheets) > 3
    assert {tuple(sorted(map(float, (one.mediabox.width, one.mediabox.height)))) for one in sheets} == {PAPERS["a4"]}
    shown = [cast(Any, one)["/Resources"]["/XObject"].raw_get("/Picture").idnum for one in sheets]
    assert len(set(shown)) == 1
    assert len(poster) < 3 * len(to_pdf(svg, Size()))
    with pytest.raises(AnalyticsError, match=f"more than {MOST_SHEETS}"):
        to_pdf(svg, Size(200, "a4"))
    with pytest.raises(AnalyticsError, match="no paper 'a9'; there are a4"):
        to_pdf(svg, Size(1, "a9"))


@pytest.mark.parametrize("suffix", PICTURES)
def test_a_picture_names_no_file_and_no_address(suffix: str) -> None:
    found = PICTURES[suffix].render(picture(*NAMES), Size())
    assert not re.search(rb"file:|https?:", found)
