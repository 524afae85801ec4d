import { agent, endCall, type Scenario, tool, user } from "./scenario.ts";

/** A signed-in person books a slot on the web site. */
export const booksASlot: Scenario = {
  title: "Workshop slot booked for two bikes",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [
    agent("Hi {name}, Wren from Larkspoke here. What can I do for you?"),
    user("I've got two bikes that each need a new {part}. When could you take them?"),
    agent("Which workshop suits you best?", { retrieved: "workshops near the customer" }),
    user("{shop}, please."),
    tool("free_slots", { shop: "{shop}", bikes: 2 }, { day: "{day}", slots: ["{time}", "closing time"] }, 0.64),
    agent("{shop} has {day} at {time}. Fitting a {part} is {price} a bike, parts included."),
    user("Can I get both done the same day?"),
    agent("Yes, if you drop them off by ten. We hold both for you.", { retrieved: "same day repairs, drop-off time" }),
    user("Great, let's do it."),
    tool("book_slot", { shop: "{shop}", day: "{day}", bikes: 2 }, { booking: "confirmed", deposit: 0 }, 1.08),
    agent("Booked for {day} at {time}, two bikes, at {shop}. You'll get an email."),
    user("Cheers."),
  ],
  summary:
    "{full_name} booked in two bicycles for a new {part} each, at {shop} on {day} at {time}, for {price} a bike, both " +
    "to be done on the same day.",
  successful: "success",
  score: 93,
  evaluations: {
    issue_resolved: ["success", "A slot for both bicycles was booked."],
    price_stated: ["success", "The agent named {price} a bike before it booked."],
    polite_throughout: ["success", "Friendly from start to end."],
  },
  collected: {
    shop: ["{shop}", "The caller chooses it."],
    bikes: [2, "The caller says two bikes."],
    refund_amount: [null, "No refund is discussed."],
    callback_wanted: [false, "Confirmation goes out by email."],
  },
  rating: { stars: 4, comment: "Easy, but the voice talks a bit fast." },
};

/** An outbound call: a repair is finished. */
export const readyForPickup: Scenario = {
  title: "Bicycle ready for pickup",
  language: "en",
  agent: "reminders",
  medium: "voice",
  steps: [
    agent("Hello, this is Larkspoke Cycles calling for {full_name}. Your {bike} is ready at {shop}."),
    user("Oh, already? What did it come to in the end?"),
    tool("find_order", { order_number: "{order}" }, { status: "ready", amount: "{amount}", part: "{part}" }, 0.49),
    agent("{price}, with the new {part}. You can pay when you pick it up."),
    user("Could I come on {day} instead of today?"),
    agent("Of course. We keep it for two weeks at no charge.", { retrieved: "how long are finished bikes kept" }),
    user("Lovely. See you then."),
    endCall("The customer knows that the bicycle is ready."),
  ],
  summary:
    "Outbound call to {full_name}: the {bike} is ready at {shop} and costs {price}. The customer will collect it " +
    "on {day}.",
  successful: "success",
  score: 90,
  evaluations: {
    issue_resolved: ["success", "The customer knows that the bicycle is ready, and says when they will come."],
    price_stated: ["success", "The agent named {price} when asked."],
  },
  collected: {
    order_number: ["{order}", "The agent looks the order up."],
    shop: ["{shop}", "The agent names it."],
    waiting_days: [null, "The bicycle is ready."],
  },
};

/** A repair takes longer than promised, and the caller complains. */
export const lateRepair: Scenario = {
  title: "Repair delayed by a missing part",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [
    agent("Larkspoke Cycles, this is Wren. How can I help you today?"),
    user("My {bike} was meant to be done yesterday. Order {order}."),
    tool("find_order", { order_number: "{order}" }, { status: "waiting for part", part: "{part}" }, 0.77),
    agent("I have it here. We are waiting for the {part}. It should take {wait_days} more days, and we will text", {
      heard: "I have it here. We are waiting for the {part}.",
    }),
    user("Nobody told me! How long?"),
    agent("About {wait_days} days, I'm sorry. We should have told you."),
    user("Then I want something off the price."),
    agent("That is fair. I can note a ten percent refund for the shop to confirm.", {
      retrieved: "late repair refund",
    }),
    tool("note_on_order", { order_number: "{order}", note: "10% refund, late" }, { noted: true }, 0.38),
    user("All right. Text me when it's ready."),
    agent("We will. Thank you for your patience, {name}."),
  ],
  summary:
    "{full_name} asked about order {order}, which waits for a {part} for about {wait_days} more days. The caller " +
    "had not been told; the agent noted a ten percent refund for the shop to confirm.",
  successful: "success",
  score: 71,
  evaluations: {
    issue_resolved: ["success", "The caller knows the new date and was offered something for the delay."],
    caller_verified: ["success", "The order number was given."],
    polite_throughout: ["success", "The agent apologised."],
  },
  collected: {
    order_number: ["{order}", "Given by the caller."],
    waiting_days: ["{wait_days}", "The agent says how many days."],
    refund_requested: [true, "The caller asks for something off the price."],
  },
};
