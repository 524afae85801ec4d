import { agent, type Scenario, tool, user } from "./scenario.ts";

/** A WhatsApp chat in Spanish with emoji. */
export const alquiler: Scenario = {
  title: "Alquiler de bicicletas para el sábado",
  language: "es",
  agent: "chat",
  medium: "text",
  steps: [
    user("Hola! 👋 Somos una familia de 4, alquilan bicis este sábado? 🚲🚲"),
    agent("¡Hola, {name}! Sí, alquilamos. ¿Qué tallas necesitan y en qué taller las recogen?"),
    user("2 de adulto y 2 de niño (9 y 6 años 👧🏽👦🏽). En {shop}"),
    tool("free_rentals", { shop: "{shop}", adults: 2, children: 2 }, { available: true, price: "{amount}" }, 0.73),
    agent("Perfecto ✅ Cuatro bicis, todo el día, {price} con cascos incluidos. ¿Las reservo?"),
    user("Siii 🎉 y si llueve? ☔"),
    agent("Si llueve, le devolvemos el dinero: el reembolso es automático.", { retrieved: "lluvia reembolso" }),
    user("Genial, reserve porfa 🙏"),
    tool("book_rental", { shop: "{shop}", bikes: 4 }, { booking: "confirmed" }, 0.95),
    agent("¡Reservado! Nos vemos el sábado a partir de las nueve. 🚲"),
  ],
  summary:
    "{full_name} reservó por WhatsApp cuatro bicicletas (dos de adulto, dos de niño) en {shop} para el sábado, por " +
    "{price}. Preguntó por la lluvia: el reembolso es automático.",
  successful: "success",
  score: 97,
  evaluations: {
    issue_resolved: ["success", "La reserva quedó confirmada."],
    price_stated: ["success", "El precio se dijo antes de reservar."],
  },
  collected: {
    shop: ["{shop}", "Se elige en el segundo mensaje."],
    bikes: [4, "Dos de adulto y dos de niño."],
    refund_requested: [false, "Solo pregunta por la lluvia."],
  },
};

/** The person moves an appointment by text message. */
export const movesAppointment: Scenario = {
  title: "Appointment moved",
  language: "en",
  agent: "chat",
  medium: "text",
  steps: [
    user("hi can I move my slot at {shop} to {day}? order {order}"),
    tool("free_slots", { shop: "{shop}", day: "{day}" }, { slots: ["{time}"] }, 0.52),
    agent("Hi {name}. {day} at {time} is free. Shall I move it?"),
    user("yes pls"),
    tool("move_booking", { order_number: "{order}", day: "{day}" }, { moved: true }, 0.61),
    agent("Moved to {day} at {time}. Reply STOP to hear no more from us."),
  ],
  summary: "{full_name} moved the appointment for order {order} to {day} at {time}, by text message.",
  successful: "success",
  evaluations: { issue_resolved: ["success", "The appointment was moved."] },
  collected: {
    order_number: ["{order}", "In the first message."],
    shop: ["{shop}", "In the first message."],
    bikes: [null, "Not mentioned."],
  },
};

/** A chat on the web site that is not about bicycles. */
export const offTopic: Scenario = {
  title: "Question outside of our services",
  language: "en",
  agent: "chat",
  medium: "text",
  steps: [
    agent("Hi, this is Larkspoke. Ask me about repairs, orders and rentals."),
    user("can you write me a poem about the moon"),
    agent("I'm here for bicycles only, I'm afraid. Is there a bike I can help you with?"),
    user("nah"),
  ],
  summary: "A visitor asked for a poem. The agent declined and offered help with bicycles.",
  successful: "failure",
  evaluations: { issue_resolved: ["unknown", "The visitor did not ask for anything the company does."] },
  ending: "Ending conversation after 600 seconds of inactivity.",
};

/** The person wants a refund for a rental, and gets instructions. */
export const rentalRefund: Scenario = {
  title: "Refund for a rainy rental",
  language: "en",
  agent: "chat",
  medium: "text",
  steps: [
    user("It rained all day {day} 🌧️ and we never picked up the bikes. Can we get a refund? Order {order}"),
    tool("find_order", { order_number: "{order}" }, { status: "not collected", amount: "{amount}" }, 0.69),
    agent("Sorry about the weather, {name}! Bikes that were not collected are refunded in full: {price}."),
    user("oh nice, when?"),
    tool("start_refund", { order_number: "{order}", amount: "{amount}" }, { refund: "started" }, 1.17),
    agent("It's on its way. Expect it in three to five working days."),
    user("❤️"),
  ],
  summary: "{full_name} asked for a refund of an uncollected rental (order {order}); {price} was refunded.",
  successful: "success",
  score: 94,
  evaluations: { issue_resolved: ["success", "The refund was started in the chat."] },
  collected: {
    order_number: ["{order}", "In the first message."],
    refund_requested: [true, "Asked for in the first message."],
    refund_amount: ["{amount}", "The agent names it."],
  },
};
