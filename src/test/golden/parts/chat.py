# SPDX-License-Identifier: Apache-2.0
"""Chat templates of known families, and what transformers makes of conversations with them."""
import tempfile
from pathlib import Path

import jinja2
from transformers import PreTrainedTokenizerFast
from transformers.utils.chat_template_utils import render_jinja_template

from . import tokens
from .constructs import CONSTRUCTS, GIVEN
from .files import write_json

TEMPLATES = Path(__file__).parent / "templates"
FIRST = {"role": "user", "content": "Who rose?"}
CONVERSATIONS = {
    "one": [FIRST],
    "spaces": [{"role": "user", "content": "  a line \n  and another\n\n"}],
    "system": [{"role": "system", "content": "You answer in\none word. "}, FIRST],
    "turns": [FIRST, {"role": "assistant", "content": " The shares. "}, {"role": "user", "content": "Why? {{ x }} {% if %}"}],
    "system-turns": [
        {"role": "system", "content": "Be brief."}, FIRST, {"role": "assistant", "content": "Shares"},
        {"role": "user", "content": "Why \"that\" <b>&</b> 'so'? \\n é 😀"},
    ],
    "answered": [FIRST, {"role": "assistant", "content": "Shares"}],
    "twice": [FIRST, FIRST],
    "empty": [{"role": "user", "content": ""}],
    "thoughts": [FIRST, {"role": "assistant", "content": "<think>\nWho?\n</think>\n\nShares\n"}, {"role": "user", "content": "Why so?"}],
}  # fmt: skip


def make(out):
    with tempfile.TemporaryDirectory() as scratch:
        backend = tokens.byte_pairs(scratch).backend_tokenizer
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>", pad_token="<pad>", eos_token="</s>")
    for file in sorted(TEMPLATES.glob("*.jinja")):
        template = file.read_text(encoding="utf-8")
        rendered = {name: render(tokenizer, template, messages) for name, messages in CONVERSATIONS.items()}
        write_json(out / "chat" / f"{file.stem}.json", {"template": template, "rendered": rendered})
    write_json(out / "chat" / "conversations.json", CONVERSATIONS)
    constructs(out)


def render(tokenizer, template, messages):
    """Returns both ways of ending, or what the template raised."""
    made = {}
    for key, prompt in (("prompt", True), ("closed", False)):
        try:
            made[key] = tokenizer.apply_chat_template(
                messages, chat_template=template, tokenize=False, add_generation_prompt=prompt
            )
        except jinja2.exceptions.TemplateError as error:
            made["error"] = str(error)
    return made


def constructs(out):
    """Writes what single constructs make of one conversation, or why they fail."""
    cases = {}
    families = {f"template of {file.stem}": file.read_text(encoding="utf-8") for file in sorted(TEMPLATES.glob("*.jinja"))}
    for name, template in (CONSTRUCTS | families).items():
        cases[name] = {"template": template}
        try:
            cases[name]["text"] = render_jinja_template([GIVEN["messages"]], chat_template=template, **rest())[0][0]
        except Exception as error:  # of Python too, where a template computes what cannot be
            cases[name]["error"] = f"{type(error).__name__}: {error}"
    write_json(out / "chat" / "constructs.json", {"given": GIVEN, "cases": cases})


def rest():
    return {name: value for name, value in GIVEN.items() if name != "messages"}
