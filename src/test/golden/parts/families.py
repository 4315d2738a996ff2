# SPDX-License-Identifier: Apache-2.0
"""The tiny random models of every family: small enough to commit, strange enough to find mistakes."""
from dataclasses import dataclass

import torch
from transformers import (
    BertConfig, BertForSequenceClassification, BertModel, DebertaV2Config, DebertaV2ForSequenceClassification,
    DebertaV2Model, RobertaConfig, RobertaForSequenceClassification, RobertaModel, set_seed,
)  # fmt: skip
from transformers.utils import logging

from . import tokens
from .files import SEED, normal

LABELS = ["acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade"]
COMMON = {
    "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 48,
    "initializer_range": 0.2, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
}  # fmt: skip


@dataclass(frozen=True)
class Family:
    """What a family is called, made of, and cut with."""

    name: str
    configuration: type
    encoder: type
    classifier: type
    tokenizer: object
    options: dict
    projections: tuple  # what queries, keys and values are called

    @property
    def query_value(self):
        return [self.projections[0], self.projections[2]]

    @property
    def every_linear(self):
        return [*self.projections, "attention.output.dense", "intermediate.dense", "output.dense"]

    def config(self, vocabulary, **head):
        return self.configuration(vocab_size=vocabulary, **COMMON, **self.options, **head)

    def inner(self, model):
        """Returns the encoder inside a model with a head."""
        return getattr(model, model.base_model_prefix)


BERT = Family(
    "bert", BertConfig, BertModel, BertForSequenceClassification, tokens.word_pieces,
    {"max_position_embeddings": tokens.POSITIONS, "type_vocab_size": 2}, ("query", "key", "value"),
)  # fmt: skip
ROBERTA = Family(
    "roberta", RobertaConfig, RobertaModel, RobertaForSequenceClassification, tokens.byte_pairs,
    {"max_position_embeddings": tokens.POSITIONS + 2, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2},
    ("query", "key", "value"),
)  # fmt: skip
DEBERTA = Family(
    "deberta", DebertaV2Config, DebertaV2Model, DebertaV2ForSequenceClassification, tokens.sentence_pieces,
    {
        "max_position_embeddings": tokens.POSITIONS, "type_vocab_size": 0, "relative_attention": True, "position_buckets": 8,
        "max_relative_positions": -1, "norm_rel_ebd": "layer_norm", "share_att_key": True, "pos_att_type": "p2c|c2p",
        "position_biased_input": False, "layer_norm_eps": 1e-7, "pooler_dropout": 0.0, "pooler_hidden_act": "gelu",
    },
    ("query_proj", "key_proj", "value_proj"),
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
        padding = model.config.pad_token_id
        words[padding] = normal("the padding row", words.shape[1], scale=0.2)  # BERT's own is not zero after training


def classifier(family, vocabulary):
    """Returns the classifier with eight labels, dropouts 0, in evaluation mode."""
    logging.set_verbosity_error()
    set_seed(SEED)
    names = {"id2label": dict(enumerate(LABELS)), "label2id": {label: i for i, label in enumerate(LABELS)}}
    model = family.classifier(family.config(vocabulary, problem_type="single_label_classification", **names))
    shake(model)
    return model.eval()


def regressor(family, source):
    """Returns the same encoder, and pooler where there is one, under a head with one output."""
    set_seed(SEED + 1)
    model = family.classifier(family.config(source.config.vocab_size, num_labels=1, problem_type="regression"))
    shake(model)
    family.inner(model).load_state_dict(family.inner(source).state_dict())
    if hasattr(model, "pooler"):
        model.pooler.load_state_dict(source.pooler.state_dict())
    return model.eval()


def encoder(family, source):
    """Returns the encoder alone."""
    model = family.encoder(family.config(source.config.vocab_size))
    model.load_state_dict(family.inner(source).state_dict(), strict=False)  # the pooler of RoBERTa's encoder is its own
    return model.eval()


def save_encoder(family, model, folder):
    """Saves the encoder alone, BERT's as old checkpoints have it: with the position numbers as a tensor."""
    from safetensors.torch import save_file

    model.save_pretrained(folder)
    if family is BERT:
        saved = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
        saved["embeddings.position_ids"] = torch.arange(tokens.POSITIONS).unsqueeze(0)
        save_file(saved, str(folder / "model.safetensors"), metadata={"format": "pt"})
