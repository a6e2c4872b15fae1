"""Small encoders on disk: real static models, made in a moment."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

SIGNS = "数据分析师护士会计开发工程前端教员报表病房账软件Python、，。"
MODULES = {
    "": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    "1_Normalize": "sentence_transformers.base.modules.normalize.Normalize",
}


def make_static_encoder(folder: Path, *, seed: int, dimension: int = 16) -> Path:
    """Write a folder in which every sign points in a direction of its own, drawn by seed."""
    signs = sorted(set(SIGNS))
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0} | {sign: n for n, sign in enumerate(signs, 1)}, "[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    weights = np.random.default_rng(seed).normal(size=(len(signs) + 1, dimension)).astype(np.float32)
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file({"embedding.weight": weights}, folder / "model.safetensors")
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": kind}
        for number, (path, kind) in enumerate(MODULES.items())
    ]
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")
    return folder
