"""One certificate's file: PDF/A-3b, tagged, with its own cut of the fonts; the same bytes for the same words.

After ISO 32000-1 and ISO 19005-3. Nothing in it stems from another sheet of the batch.
"""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import UTC
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.awards.certificates import artwork
from app.awards.certificates.artwork import MM, Art
from app.awards.certificates.codes import qr_address
from app.awards.certificates.embedding import Cutter, Program
from app.awards.certificates.setting import Lines
from app.awards.certificates.sheets import Face, Layout, Sheet
from app.awards.certificates.xmp import metadata
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import pikepdf
    from PIL import ImageCms
else:
    pikepdf, ImageCms = Lazily("pikepdf"), Lazily("PIL.ImageCms")

# What the glyphs of a family stay within, in thousandths of an em.
BOXES = {"Serif": [-95, -286, 2929, 1151], "Sans": [-150, -288, 2960, 1160]}
# From CSS units, counted down from the top, to PDF units, counted up from the bottom.
TURN = b"q 0.75 0 0 -0.75 0 %.6f cm\n"


def write_certificate(sheet: Sheet, layout: Layout, lines: Sequence[Lines], art: Art, cutter: Cutter) -> bytes:
    """The PDF of one sheet from what has been set and drawn for it."""
    pdf = pikepdf.Pdf.new()
    name, dictionary, array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
    content, marks = _content(sheet, layout, lines)
    page = pdf.make_indirect(
        dictionary(
            Type=name.Page, MediaBox=[0, 0, round(layout.width * MM, 3), round(layout.height * MM, 3)], Tabs=name.S, StructParents=0,
            Contents=_packed(pdf, zlib.compress(content, 6)),
            Resources=dictionary(Font=_fonts(pdf, lines, cutter), XObject={"/Art": _form(pdf, layout, art)}),
        )
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(page))
    page = pdf.pages[0].obj
    link = _link(pdf, sheet, layout)
    page.Annots = array([link])
    title = " · ".join(sheet.words[key] for key in ("title", "prize", "recipient", "serial"))
    root = pdf.Root
    root.Lang, root.MarkInfo = sheet.words["language"], dictionary(Marked=True)
    root.ViewerPreferences = dictionary(DisplayDocTitle=True)
    root.StructTreeRoot = _structure(pdf, page, marks, link)
    root.OutputIntents = array([_intent(pdf)])
    author = ", ".join(issuer["name"] for issuer in sheet.words["issuers"])
    made = sheet.made_at.astimezone(UTC)
    root.Metadata = pdf.make_stream(
        metadata(title=title, author=author, description=sheet.words["body"], language=sheet.words["language"], made=made),
        Type=name.Metadata, Subtype=name.XML,
    )  # fmt: skip
    stamp = made.strftime("D:%Y%m%d%H%M%S+00'00'")
    pdf.trailer.Info = pdf.make_indirect(
        dictionary(
            Title=title, Author=author, Subject=sheet.words["body"], Creator="Madang", CreationDate=stamp, ModDate=stamp
        )
    )
    identifier = hashlib.sha256(sheet.code.encode()).digest()[:16]
    pdf.trailer.ID = array([pikepdf.String(identifier), pikepdf.String(identifier)])
    out = BytesIO()
    pdf.save(out, min_version="1.7", deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none,
             object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)  # fmt: skip
    return out.getvalue()


def _content(sheet: Sheet, layout: Layout, lines: Sequence[Lines]) -> tuple[bytes, list[tuple[str, list[int]]]]:
    """The page's operators, and for each block its tag with the numbers of its marked lines."""
    code = artwork.draw_marks(layout, qr_address(sheet.base_url, sheet.code))
    out = [b"/Artifact BMC\n/Art Do\n", code, b"EMC\n", TURN % (layout.height * MM)]
    marks, number = [], 0
    for block in lines:
        out.append(b"q\n")
        own = []
        for drawn in block.drawn:
            out.append(b"/P <</MCID %d>> BDC\n%s\nEMC\n" % (number, drawn))
            own.append(number)
            number += 1
        out.append(b"Q\n")
        marks.append((block.block.tag, own))
    return b"".join([*out, b"Q\n"]), marks


def _packed(pdf: "pikepdf.Pdf", deflated: bytes, **entries: Any) -> Any:
    return pdf.make_stream(deflated, Filter=pikepdf.Name.FlateDecode, **entries)


def _form(pdf: "pikepdf.Pdf", layout: Layout, art: Art) -> Any:
    states = pikepdf.Dictionary({state: pikepdf.Dictionary(values) for state, values in art.states.items()})
    return _packed(
        pdf, art.packed, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, layout.width * MM, layout.height * MM],
        Resources=pikepdf.Dictionary(ExtGState=states),
    )  # fmt: skip


def _fonts(pdf: "pikepdf.Pdf", lines: Sequence[Lines], cutter: Cutter) -> Any:
    used: dict[Face, dict[int, str]] = {}
    for block in lines:
        for face, glyphs in block.glyphs.items():
            used.setdefault(face, {}).update(glyphs)
    return pikepdf.Dictionary(
        {f"/{face.key}": _font(pdf, face, cutter.cut(face, glyphs)) for face, glyphs in used.items()}
    )


def _font(pdf: "pikepdf.Pdf", face: Face, program: Program) -> Any:
    name, dictionary = pikepdf.Name, pikepdf.Dictionary
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program.packed).digest()[:6])
    own = name(f"/{tag}+Noto{face.family}KR-{face.weight}")
    descriptor = pdf.make_indirect(
        dictionary(
            Type=name.FontDescriptor, FontName=own, Flags=6 if face.family == "Serif" else 4, FontBBox=BOXES[face.family], ItalicAngle=0,
            Ascent=BOXES[face.family][3], Descent=BOXES[face.family][1], CapHeight=730, StemV=80 if face.weight == "Regular" else 140,
            FontFile3=_packed(pdf, program.packed, Subtype=name.CIDFontType0C),
        )
    )  # fmt: skip
    widths: list[Any] = []
    for glyph, width in program.widths:
        widths += [glyph, [width]]
    descendant = pdf.make_indirect(
        dictionary(
            Type=name.Font, Subtype=name.CIDFontType0, BaseFont=own, FontDescriptor=descriptor, DW=1000, W=widths,
            CIDSystemInfo=dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        )
    )  # fmt: skip
    return pdf.make_indirect(
        dictionary(
            Type=name.Font, Subtype=name.Type0, BaseFont=own, Encoding=name("/Identity-H"), DescendantFonts=[descendant],
            ToUnicode=_packed(pdf, program.to_unicode),
        )
    )  # fmt: skip


def _link(pdf: "pikepdf.Pdf", sheet: Sheet, layout: Layout) -> Any:
    left, top, width, height = layout.link
    bottom = layout.height - top - height
    address = f"{sheet.base_url}/v/{sheet.code}"
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, F=4, Border=[0, 0, 0], Contents=address, StructParent=1,
            Rect=[round(value * MM, 2) for value in (left, bottom, left + width, bottom + height)],
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=address),
        )
    )  # fmt: skip


def _structure(pdf: "pikepdf.Pdf", page: Any, marks: list[tuple[str, list[int]]], link: Any) -> Any:
    """What reads it aloud follows: the blocks in their order, the link's annotation under the last."""
    name, dictionary, array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
    tree = pdf.make_indirect(dictionary(Type=name.StructTreeRoot))
    document = pdf.make_indirect(dictionary(Type=name.StructElem, S=name.Document, P=tree, K=array()))
    parents: list[Any] = []
    for tag, numbers in marks:
        kind = name(f"/{tag.upper()}")
        element = pdf.make_indirect(dictionary(Type=name.StructElem, S=kind, P=document, Pg=page, K=array(numbers)))
        document.K.append(element)
        parents += [element] * len(numbers)
    reference = dictionary(Type=name.OBJR, Obj=link, Pg=page)
    anchor = pdf.make_indirect(
        dictionary(Type=name.StructElem, S=name.Link, P=parents[-1], Pg=page, K=array([reference]))
    )
    parents[-1].K.append(anchor)
    tree.K = document
    tree.ParentTree = pdf.make_indirect(dictionary(Nums=array([0, array(parents), 1, anchor])))
    tree.ParentTreeNextKey = 2
    return tree


@cache
def _profile() -> bytes:
    return zlib.compress(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), 9)


def _intent(pdf: "pikepdf.Pdf") -> Any:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFA1, OutputConditionIdentifier="sRGB", Info="sRGB",
        DestOutputProfile=_packed(pdf, _profile(), N=3),
    )  # fmt: skip
