/** LangGraph.js: model and tool node in a graph; in memory without a checkpointer, committed with its SQLite saver, or its Postgres saver. */
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { z } from 'zod';
import { measure } from './measure.js';

await measure(async ({ durability, folder }) => {
  const checkpointer = durability === 'memory' ? undefined : await saver(durability, folder);
  let threads = 0;
  return async (steps) => {
    let turn = 0;
    let calls = 0;
    const noop = tool(
      async ({ n }) => {
        calls += 1;
        return String(n);
      },
      { name: 'noop', description: 'Does nothing', schema: z.object({ n: z.number() }) },
    );
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('model', async () => {
        turn += 1;
        const message =
          turn > steps
            ? new AIMessage('done')
            : new AIMessage({ content: '', tool_calls: [{ id: `c${turn}`, name: 'noop', args: { n: turn } }] });
        return { messages: [message] };
      })
      .addNode('tools', new ToolNode([noop]))
      .addEdge(START, 'model')
      .addConditionalEdges('model', ({ messages }) => (messages.at(-1).tool_calls?.length ? 'tools' : END))
      .addEdge('tools', 'model')
      .compile(checkpointer === undefined ? {} : { checkpointer });
    threads += 1;
    await graph.invoke(
      { messages: [new HumanMessage('Go.')] },
      { recursionLimit: 2 * steps + 10, configurable: { thread_id: `t${threads}` }, durability: 'sync' },
    );
    return calls;
  };
});

async function saver(durability, folder) {
  if (durability === 'postgres') {
    const { PostgresSaver } = await import('@langchain/langgraph-checkpoint-postgres');
    const postgres = PostgresSaver.fromConnString(folder);
    await postgres.setup();
    return postgres;
  }
  const { SqliteSaver } = await import('@langchain/langgraph-checkpoint-sqlite');
  return SqliteSaver.fromConnString(`${folder}/langgraph.sqlite`);
}
