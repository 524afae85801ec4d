import { memoriesContract } from "../../../support/contracts/memories.ts";
import { listMemories } from "../../../support/doubles/list-memories.ts";

memoriesContract("in a list", async () => {
  const memories = listMemories();
  const held = async (userId: string) =>
    memories.all
      .filter((each) => each.user_id === userId)
      .map((each) => ({ ...each, happenedAt: each.metadata.started_at }));
  return { memories, held };
});
