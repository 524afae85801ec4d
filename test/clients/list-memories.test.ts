import { memoriesContract } from "../contracts/memories.ts";
import { listMemories } from "../doubles/list-memories.ts";

memoriesContract("in a list", async () => {
  const memories = listMemories();
  return { memories, held: async (userId) => memories.all.filter((each) => each.user_id === userId) };
});
