"""What a browser would send of a form if nothing were typed."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


class _Form(HTMLParser):
    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside, self.data = form_id, False, MultiDict()
        self.textarea = self.select = None
        self.first = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "textarea":
            self.textarea, self.text = given["name"], ""
        elif tag == "select":
            self.select, self.first, self.chosen = given["name"], None, None
        elif tag == "option":
            self.first = given.get("value") if self.first is None else self.first
            if "selected" in given:
                self.chosen = given.get("value")
        elif tag == "input" and given.get("name"):
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            self.data.add(given["name"], given.get("value", ""))

    def handle_data(self, text):
        if self.textarea:
            self.text += text

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.textarea:
            self.data.add(self.textarea, self.text.removeprefix("\r\n").removeprefix("\n"))
            self.textarea = None
        elif tag == "select" and self.select:
            self.data.add(self.select, self.first if self.chosen is None else self.chosen)
            self.select = None


def shown_form(page, form_id="editor"):
    parser = _Form(form_id)
    parser.feed(page.text)
    assert parser.data, "no such form"
    return parser.data
