#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What only Python can make for the benchmark: models of the real width with random weights, and PEFT's own PiSSA start.

    bench_inputs.py model --family roberta|deberta|llama --texts FILE --folder FOLDER --labels N
    bench_inputs.py pissa --model FOLDER --adapter FOLDER --folder FOLDER

`model` has the shape of roberta-base and deberta-v3-base but 4 layers and 8,192 pieces, or of Llama-2-7B but 2 layers and as many pieces, and a tokenizer that has learnt these pieces from the texts (one a line).
`pissa` is the adapter's configuration and classifier, and pairs that PEFT itself takes from the model's weights.
"""
import argparse
import os
import shutil
from pathlib import Path

LAYERS = 4
PIECES = 8192
WIDTH = {"hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072, "num_hidden_layers": LAYERS}


def options_of():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    modes = parser.add_subparsers(dest="mode", required=True)
    model, pissa = modes.add_parser("model"), modes.add_parser("pissa")
    model.add_argument("--family", choices=("roberta", "deberta", "llama"), required=True)
    model.add_argument("--texts", type=Path, required=True)
    model.add_argument("--labels", type=int, required=True)
    pissa.add_argument("--model", type=Path, required=True)
    pissa.add_argument("--adapter", type=Path, required=True)
    for mode in (model, pissa):
        mode.add_argument("--folder", type=Path, required=True)
    return parser.parse_args()


def byte_pairs(texts):
    """RoBERTa's tokenizer, its pieces learnt from the texts."""
    from tokenizers import ByteLevelBPETokenizer
    from tokenizers.processors import RobertaProcessing
    from transformers import RobertaTokenizerFast

    made = ByteLevelBPETokenizer()
    made.train_from_iterator(texts, PIECES, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False)
    made._tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return RobertaTokenizerFast(tokenizer_object=made._tokenizer, model_max_length=512)


def bare_byte_pairs(texts):
    """A decoder's tokenizer, which adds nothing of its own."""
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    made = ByteLevelBPETokenizer()
    made.train_from_iterator(texts, PIECES, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False)
    return PreTrainedTokenizerFast(tokenizer_object=made._tokenizer, bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>")


def sentence_pieces(texts):
    """DeBERTa-v3's tokenizer, its pieces learnt from the texts."""
    from tokenizers import SentencePieceUnigramTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import DebertaV2TokenizerFast

    made = SentencePieceUnigramTokenizer()
    specials = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]
    made.train_from_iterator(texts, PIECES, special_tokens=specials, unk_token="[UNK]", show_progress=False)
    made._tokenizer.post_processor = TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return DebertaV2TokenizerFast(
        tokenizer_object=made._tokenizer, model_max_length=512, pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        unk_token="[UNK]", bos_token="[CLS]", eos_token="[SEP]", mask_token="[MASK]",
    )  # fmt: skip


def roberta(pieces, labels):
    from transformers import RobertaConfig, RobertaForSequenceClassification

    return RobertaForSequenceClassification(
        RobertaConfig(
            vocab_size=pieces, num_labels=labels, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1,
            bos_token_id=0, eos_token_id=2, **WIDTH,
        )
    )  # fmt: skip


def deberta(pieces, labels):
    from transformers import DebertaV2Config, DebertaV2ForSequenceClassification

    return DebertaV2ForSequenceClassification(
        DebertaV2Config(
            vocab_size=pieces, num_labels=labels, max_position_embeddings=512, type_vocab_size=0, relative_attention=True, position_buckets=256,
            max_relative_positions=-1, norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type="p2c|c2p", position_biased_input=False,
            layer_norm_eps=1e-7, pooler_dropout=0.0, pooler_hidden_act="gelu", **WIDTH,
        )
    )  # fmt: skip


def llama(pieces, labels):
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=pieces, hidden_size=4096, intermediate_size=11008, num_hidden_layers=2, num_attention_heads=32, max_position_embeddings=4096,
            rms_norm_eps=1e-5, bos_token_id=0, eos_token_id=2, tie_word_embeddings=False,
        )
    )  # fmt: skip


def write_model(options):
    """Writes the folder at once or not at all."""
    from transformers import set_seed

    texts = options.texts.read_text("utf-8").splitlines()
    tokenizer = {"roberta": byte_pairs, "deberta": sentence_pieces, "llama": bare_byte_pairs}[options.family](texts)
    set_seed(0)
    model = {"roberta": roberta, "deberta": deberta, "llama": llama}[options.family](len(tokenizer), options.labels)
    part = options.folder.with_name(options.folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    model.save_pretrained(part)
    tokenizer.save_pretrained(part)
    shutil.rmtree(options.folder, ignore_errors=True)
    part.rename(options.folder)


def write_pissa(options):
    import torch
    from peft import LoraConfig, get_peft_model
    from safetensors.torch import load_file
    from transformers import AutoModelForSequenceClassification

    given = load_file(options.adapter / "adapter_model.safetensors")
    heads = {name.removeprefix("base_model.model."): tensor for name, tensor in given.items() if ".lora_" not in name}
    labels = next(tensor.shape[0] for name, tensor in heads.items() if name.endswith("weight"))
    base = AutoModelForSequenceClassification.from_pretrained(options.model, num_labels=labels)
    config = LoraConfig.from_pretrained(options.adapter)
    config.init_lora_weights, config.inference_mode = "pissa", False
    model = get_peft_model(base, config)
    with torch.no_grad():
        for name, parameter in model.base_model.model.named_parameters():
            plain = name.replace("modules_to_save.default.", "")
            if "modules_to_save" in name:
                parameter.copy_(heads[plain])
    model.save_pretrained(options.folder)


def main():
    options = options_of()
    os.environ.update({"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false"})
    write_model(options) if options.mode == "model" else write_pissa(options)


if __name__ == "__main__":
    main()
