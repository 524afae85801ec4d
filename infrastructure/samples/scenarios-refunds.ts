import { agent, endCall, failingTool, type Scenario, tool, user } from "./scenario.ts";

/** The caller was charged twice, and gets a refund at once. */
export const chargedTwice: Scenario = {
  title: "Refund for a double charge",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [
    agent("Larkspoke Cycles, this is Wren. How can I help you today?"),
    user("Hi Wren, it's {full_name}. You charged me twice for truing a wheel and I'd like a refund."),
    agent("I'm sorry about that, {name}. Do you have the order number?"),
    user("Yes, it's {order}."),
    tool("find_order", { order_number: "{order}" }, { status: "paid", payments: 2, amount: "{amount}" }, 0.82),
    agent("I see it. Two payments of {price} for one wheel. That was our mistake.", { feedback: "like" }),
    user("How long does a refund take?"),
    agent("Three to five working days, back to the card you paid with.", { retrieved: "how long do refunds take" }),
    user("Fine, please do that."),
    tool("start_refund", { order_number: "{order}", amount: "{amount}" }, { refund: "started", working_days: 5 }, 1.34),
    agent("Done. Your refund of {price} is on its way. Anything else?"),
    user("No, that was quick. Thank you! Bye."),
    endCall("The caller said goodbye."),
  ],
  summary:
    "{full_name} was charged twice for truing a wheel (order {order}). The agent found both payments of {price}, " +
    "apologised and started a refund, which takes three to five working days.",
  successful: "success",
  score: 96,
  evaluations: {
    issue_resolved: ["success", "The second payment was found and a refund of {price} was started during the call."],
    caller_verified: ["success", "The agent asked for the order number before it touched the payment."],
    polite_throughout: ["success", "The agent apologised and thanked the caller."],
  },
  collected: {
    caller_name: ["{full_name}", "The caller says who they are in their first sentence."],
    order_number: ["{order}", "The caller reads it out."],
    refund_requested: [true, "The caller asks for a refund in their first sentence."],
    refund_amount: ["{amount}", "The agent names the amount when it starts the refund."],
    bikes: [1, "The call is about one wheel of one bicycle."],
    callback_wanted: [false, "Nobody mentions a callback."],
    shop: [null, "No shop is mentioned in the call."],
  },
  rating: { stars: 5, comment: "Sorted in a minute 👍" },
};

/** The caller misses a refund. The ledger tool fails twice, so the agent cannot help. */
export const refundNotFound: Scenario = {
  title: "Refund status could not be checked",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [
    agent("Larkspoke Cycles, this is Wren. Our workshops are open Monday to Saturday, and you can also book online.", {
      heard: "Larkspoke Cycles, this is Wren. Our workshops are",
    }),
    user("Yes hi, {name} again. My refund for {order} still isn't here."),
    failingTool("refund_status", { order_number: "{order}" }, "timeout", "no answer within 20 seconds", 20.02),
    agent("Our payments system is slow today. Let me try once more."),
    failingTool("refund_status", { order_number: "{order}" }, "http_error", "503 Service Unavailable", 3.41),
    agent("I'm afraid I still can't reach it. What I can do is have a colleague check it.", {
      heard: "I'm afraid I still can't reach it. What I can",
      feedback: "dislike",
    }),
    user("You said five days. It's been five days."),
    agent("I understand. Shall I have somebody call you back today?"),
    user("Yes. Please do."),
    tool("request_callback", { name: "{full_name}", topic: "refund" }, { callback: "today before 6 pm" }, 0.57),
    agent("Somebody will call you before six. I'm sorry I couldn't do more."),
    user("OK. Bye."),
  ],
  summary:
    "{full_name} asked why the refund for order {order} had not arrived. The payments system failed twice, so the " +
    "agent could not say, and arranged a callback for the same day. The caller was annoyed.",
  successful: "failure",
  score: 38,
  evaluations: {
    issue_resolved: ["failure", "The status of the refund could not be found: both lookups failed."],
    caller_verified: ["success", "The order number was known before anything was looked up."],
    polite_throughout: ["success", "The agent stayed courteous with an annoyed caller."],
  },
  collected: {
    order_number: ["{order}", "The caller names the order."],
    reason_for_call: ["refund has not arrived", "Stated at the start."],
    refund_requested: [true, "The caller is waiting for a refund."],
    refund_amount: [null, "No amount is mentioned."],
    callback_wanted: [true, "The caller accepts a callback."],
  },
  rating: { stars: 2, comment: null },
};

/** The refund has arrived. */
export const refundArrived: Scenario = {
  title: "Refund arrived, new booking",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [
    agent("Larkspoke Cycles, this is Wren. Hello again, {name}. Is this about your refund?"),
    user("It is, but good news, the refund came this morning. All {price} of it."),
    agent("Wonderful, I'm glad it did.", { feedback: "like" }),
    user("So now I'd like a spring check for the {bike}. {day}, if you can."),
    tool("free_slots", { shop: "{shop}", day: "{day}" }, { slots: ["{time}"] }, 0.71),
    agent("{shop} can take it on {day} at {time}. A spring check is forty-five, all in. Shall I book it?"),
    user("Perfect, yes."),
    tool("book_slot", { shop: "{shop}", day: "{day}", time: "{time}" }, { booking: "confirmed" }, 0.93),
    agent("Booked. See you on {day}."),
    user("Thanks, Wren!"),
  ],
  summary:
    "{full_name} confirmed that the refund of {price} had arrived and booked a spring check for the {bike} at " +
    "{shop} on {day} at {time}.",
  successful: "success",
  score: 99,
  evaluations: {
    issue_resolved: ["success", "The refund is settled and a spring check was booked."],
    price_stated: ["success", "The agent named forty-five before it booked."],
  },
  collected: {
    caller_name: ["{full_name}", "The agent knows the caller from before."],
    shop: ["{shop}", "The agent offers it and the caller agrees."],
    bikes: [1, "One bicycle is to be checked."],
    refund_requested: [false, "The refund had already arrived."],
  },
};
