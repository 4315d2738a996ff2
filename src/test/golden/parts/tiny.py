# SPDX-License-Identifier: Apache-2.0
"""The tiny random BERT and its tokenizer: small enough to commit, strange enough to find mistakes."""
import json
import string
from pathlib import Path

import torch
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast, set_seed
from transformers.utils import logging

from .files import SEED, normal

LABELS = ["acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade"]
WORDS = (
    "the of to and in a said it for shares rose oil price trade bank rate ship ##ment ##s ##ing ##ed grain profit "
    "company stock market net loss dollar fell wheat tonnes cut week year billion fed crop loan"
)
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
POSITIONS = 64


def vocabulary():
    """Returns 120 word pieces: specials, digits, signs, letters, letters inside words, words."""
    letters = list(string.ascii_lowercase)
    words = WORDS.split()
    pieces = SPECIALS + list("0123456789") + list(".,-%'") + ["中"] + letters + ["##" + c for c in letters]
    pieces += [word for word in words if word not in pieces] + ["##" + digit for digit in "0123456789"]
    pieces = pieces[:120]
    assert len(pieces) == len(set(pieces)) == 120, len(pieces)
    return pieces


def tokenizer(scratch):
    """Returns the tokenizer in its fast form, made from a vocabulary file as BERT's are."""
    file = Path(scratch) / "vocab.txt"
    file.write_text("\n".join(vocabulary()) + "\n", encoding="utf-8")
    return BertTokenizerFast(vocab_file=str(file), model_max_length=POSITIONS)


def configuration(**head):
    return BertConfig(
        vocab_size=len(vocabulary()), hidden_size=32, num_hidden_layers=4, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=POSITIONS, type_vocab_size=2, initializer_range=0.2,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **head,
    )  # fmt: skip


def shake(model):
    """Gives every parameter that starts at 0 or 1 a value of its own, so that one left out is seen."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "LayerNorm.weight" in name:
                parameter.copy_(1 + normal(name, *parameter.shape, scale=0.2))
            elif name.endswith("bias"):
                parameter.copy_(normal(name, *parameter.shape, scale=0.2))
        words = model.get_input_embeddings().weight
        words[0] = normal("the padding row", words.shape[1], scale=0.2)  # BERT's own is not zero after training


def classifier():
    """Returns the classifier with eight labels, dropouts 0, in evaluation mode."""
    logging.set_verbosity_error()
    set_seed(SEED)
    names = {"id2label": dict(enumerate(LABELS)), "label2id": {label: i for i, label in enumerate(LABELS)}}
    model = BertForSequenceClassification(configuration(problem_type="single_label_classification", **names))
    shake(model)
    return model.eval()


def regressor(source):
    """Returns the same encoder under a head with one output."""
    set_seed(SEED + 1)
    model = BertForSequenceClassification(configuration(num_labels=1, problem_type="regression"))
    shake(model)
    model.bert.load_state_dict(source.bert.state_dict())
    return model.eval()


def encoder(source):
    """Returns the encoder alone."""
    model = BertModel(configuration())
    model.load_state_dict(source.bert.state_dict())
    return model.eval()


def save_encoder(model, folder):
    """Saves the encoder as old checkpoints have it: names without "bert." and the position numbers as a tensor."""
    from safetensors.torch import save_file

    model.save_pretrained(folder)
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    tensors["embeddings.position_ids"] = torch.arange(POSITIONS).unsqueeze(0)
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})


def sorted_json(file):
    """Rewrites a JSON file with its keys in order."""
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
