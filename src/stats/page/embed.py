#!/usr/bin/env python3
"""Writes page.html, with the style sheet and the scripts inside it, as a C++ source: the text between the {{slots}} that
the program fills in, and the Content-Security-Policy that lets exactly this style and these scripts run.

usage: embed.py page_template.cc page.html page.css SCRIPT..."""
import base64
import hashlib
import re
import sys


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def literal(text):
    """A C++ string literal, line by line; compilers limit the length of one raw string."""
    lines = text.split("\n")
    pieces = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return "\n".join('    R"_~(' + piece.replace("\n", ')_~" "\\n"') + ('' if piece.endswith("\n") else ')_~"')
                     for piece in pieces) or '    ""'


def main(out_path, html_path, css_path, *js_paths):
    html, css, *scripts = (open(path, encoding="utf-8").read() for path in (html_path, css_path, *js_paths))
    js = "\n".join(scripts)
    html = html.replace("{{css}}", css).replace("{{js}}", js)
    policy = ("default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'; "
              f"img-src data:; style-src {digest(css)}; script-src {digest(js)}")
    parts = re.split(r"\{\{(\w+)\}\}", html)
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("// Written by embed.py from page.html, page.css and the scripts.\n"
                  '#include "stats/page_template.h"\n\nnamespace ddbproxy::stats {\nnamespace {\n\n'
                  "constexpr TemplatePart parts[] = {\n")
        for text, slot in zip(parts[0::2], parts[1::2] + [""]):
            out.write("  {\n" + literal(text) + f',\n    "{slot}"}},\n')
        out.write("};\n\n}  // namespace\n\nstd::span<const TemplatePart> page_template() { return parts; }\n"
                  f'std::string_view page_security_policy() {{ return "{policy}"; }}\n\n'
                  "}  // namespace ddbproxy::stats\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
