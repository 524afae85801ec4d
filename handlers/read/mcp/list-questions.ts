import { z } from "zod";
import { TOPICS } from "../../../queries/engine/saved-queries.ts";
import { questionOf } from "../questions.ts";
import { defineTool } from "./tool.ts";

/** Lists the saved queries. */
export const listQuestions = defineTool({
  name: "list_questions",
  title: "List the saved questions",
  description:
    "Lists the saved questions about calls, with the parameters of each: volumes, outcomes, costs, failures, tools, " +
    "interruptions, unanswered questions and more. Use it first to find the question that ask answers. Prefer a saved " +
    "question to reading many calls.",
  input: z.strictObject({ topic: z.enum(TOPICS).optional().describe("Only questions of this topic.") }),
  async answer({ topic }, { questions }) {
    const chosen = (await questions()).filter((each) => topic === undefined || each.topic === topic);
    const rows = chosen.map((each) => {
      const { name, topic, question, grain, parameters } = questionOf(each);
      const described = parameters.map(({ name, type, meaning, default: otherwise, choices }) => ({
        name,
        type: choices?.join("|") ?? type,
        default: otherwise ?? "required",
        meaning,
      }));
      return { name, topic, question, grain, parameters: described };
    });
    const note = "The saved questions. ask answers one. A date may be YYYY-MM-DD, today, or 30 days ago.";
    return { note, sections: [{ name: "questions", rows, from: 0, total: rows.length }] };
  },
});
