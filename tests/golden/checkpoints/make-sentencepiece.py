"""Makes sentencepiece.gguf and sentencepiece.json: a small SentencePiece vocabulary as llama.cpp stores it, and the ids that
SentencePiece itself gives to texts, once with the space that begins a text and once without.

Run with: python tests/golden/checkpoints/make-sentencepiece.py   (gguf, sentencepiece; versions in the json)
"""

import io
import json
import pathlib
from importlib.metadata import version

import gguf
import numpy as np
import sentencepiece

HERE = pathlib.Path(__file__).parent
PROMPTS = (HERE.parent.parent.parent / "resources" / "prompts" / "everyday.jsonl").read_text().splitlines()
CORPUS = [json.loads(line).get("prompt", line) for line in PROMPTS if line.strip()]
CORPUS = [text if isinstance(text, str) else json.dumps(text) for text in CORPUS]
TEXTS = ["Hello there", "The weather, today: 21 degrees!", "naïve café — 東京 \U0001f600", "  two  spaces ", "a\nline\n\nbreak", "", "x",
         "How do I write a letter that says the rent is late?", "1234567890", "tabs\tand\ttabs", "ÄÖÜß ǅ ﬁ"]


def train(with_prefix):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=420, model_type="bpe", byte_fallback=True,
        add_dummy_prefix=with_prefix, remove_extra_whitespaces=False, normalization_rule_name="identity", character_coverage=0.99,
        unk_id=0, bos_id=1, eos_id=2, pad_id=-1, user_defined_symbols=["<turn>"], split_digits=True, minloglevel=2)
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


result = dict(versions=dict(sentencepiece=version("sentencepiece"), gguf=version("gguf")), texts=TEXTS)
for key, with_prefix in (("withSpace", True), ("withoutSpace", False)):
    processor = train(with_prefix)
    size = processor.get_piece_size()
    types = [2 if processor.is_unknown(i) else 3 if processor.is_control(i) else 6 if processor.is_byte(i) else
             4 if processor.id_to_piece(i) == "<turn>" else 1 for i in range(size)]
    writer = gguf.GGUFWriter(HERE / f"sentencepiece-{'with' if with_prefix else 'without'}-space.gguf", "llama")
    for add, value in ((writer.add_context_length, 64), (writer.add_embedding_length, 8), (writer.add_block_count, 0),
                       (writer.add_feed_forward_length, 8), (writer.add_head_count, 2), (writer.add_layer_norm_rms_eps, 1e-5)):
        add(value)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([processor.id_to_piece(i) for i in range(size)])
    writer.add_token_scores([processor.get_score(i) for i in range(size)])
    writer.add_token_types(types)
    writer.add_add_space_prefix(with_prefix)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_tensor("token_embd.weight", np.zeros((size, 8), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    ids = [processor.encode(text) for text in TEXTS]
    result[key] = dict(ids=ids, decoded=[processor.decode(some) for some in ids])
(HERE / "sentencepiece.json").write_text(json.dumps(result, ensure_ascii=True) + "\n")
print(size, result["withSpace"]["ids"][0])
