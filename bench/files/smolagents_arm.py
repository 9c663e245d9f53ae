"""smolagents on the same questions: a CodeAgent with the data as variables, the model behind an OpenAI-compatible address.

Reads questions as JSON lines ({"id", "text", "data": [{"name", "doc", "value"}]}) and writes one JSON line for each:
{"id", "answer", "failed", "seconds"}. Tokens are counted where the model is served.

    python smolagents_arm.py --url http://127.0.0.1:8080/v1 --model local < questions.jsonl
"""

import argparse
import contextlib
import json
import sys
import time

from smolagents import CodeAgent, OpenAIServerModel

MAX_STEPS = 8


def plain(value):
    """The answer as JSON, or as text where it is none."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (set, tuple)):
        value = list(value)
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError):
        return str(value)


def ask(model, question):
    agent = CodeAgent(tools=[], model=model, max_steps=MAX_STEPS, verbosity_level=0)
    agent.state = {variable["name"]: variable["value"] for variable in question["data"]}
    lines = [f"{variable['name']}: {variable['doc']}" for variable in question["data"]]
    task = question["text"] + "\n\nThese variables are defined in Python and hold the data:\n" + "\n".join(lines)
    began = time.perf_counter()
    answer, failed = None, None
    try:
        result = agent.run(task, return_full_result=True)
        answer = plain(result.output)
        failed = None if result.state == "success" else result.state
    except Exception as problem:  # noqa: BLE001 - one question's failure is its result
        failed = f"{type(problem).__name__}: {problem}"
    return {
        "id": question["id"],
        "answer": answer,
        "failed": failed,
        "seconds": time.perf_counter() - began,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = OpenAIServerModel(
        model_id=options.model, api_base=options.url, api_key="none", temperature=0, seed=options.seed, max_tokens=800
    )
    for line in sys.stdin:
        if not line.strip():
            continue
        # The agent prints to the terminal; only results go to standard output.
        with contextlib.redirect_stdout(sys.stderr):
            result = ask(model, json.loads(line))
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
