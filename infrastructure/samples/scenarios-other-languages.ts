import { agent, endCall, type Scenario, switchLanguage, tool, transferToAgent, user } from "./scenario.ts";

/** The call begins in English and continues in Spanish. */
export const reembolso: Scenario = {
  title: "Reembolso por una pieza equivocada",
  language: "es",
  agent: "taller",
  medium: "voice",
  steps: [
    agent("Larkspoke Cycles, this is Alondra. How can I help you?"),
    user("Perdone, ¿habla español? Soy {full_name}."),
    switchLanguage("es", "The caller speaks Spanish."),
    agent("¡Claro que sí, {name}! ¿En qué puedo ayudarle?"),
    user("Me enviaron la pieza equivocada. Pedí un {part} y llegó un sillín. Quiero un reembolso."),
    agent("Lo siento mucho. ¿Me dice el número de pedido?"),
    user("Sí, es el {order}."),
    tool("find_order", { order_number: "{order}" }, { status: "delivered", article: "{part}", sent: "sillín" }, 0.88),
    agent("Tiene razón, fue un error nuestro. ¿Prefiere el reembolso o la pieza correcta mañana?", {
      retrieved: "pieza equivocada: reembolso o cambio",
    }),
    user("El reembolso, por favor. Ya compré otra en otro sitio, mañana es demasiado tarde."),
    tool("start_refund", { order_number: "{order}", amount: "{amount}" }, { refund: "started", working_days: 5 }, 1.51),
    agent("Hecho: {price} en cinco días hábiles. Puede quedarse con el sillín.", { feedback: "like" }),
    user("¡Qué amable! Muchísimas gracias. Adiós."),
    endCall("Quien llamaba se despidió."),
  ],
  summary:
    "{full_name} recibió la pieza equivocada (pedido {order}) y pidió un reembolso. La agente lo comprobó, inició " +
    "el reembolso de {price} y le dejó quedarse con el sillín.",
  successful: "success",
  score: 95,
  evaluations: {
    issue_resolved: ["success", "El reembolso se inició durante la llamada."],
    caller_verified: ["success", "La agente pidió el número de pedido antes de cambiar nada."],
    polite_throughout: ["success", "La agente pidió disculpas y cambió al español enseguida."],
  },
  collected: {
    caller_name: ["{full_name}", "Lo dice al principio de la llamada."],
    order_number: ["{order}", "Lo lee en voz alta."],
    refund_requested: [true, "Pide un reembolso dos veces."],
    refund_amount: ["{amount}", "La agente nombra el importe."],
  },
  rating: { stars: 5, comment: "Muy amable, ¡gracias! 😊" },
};

/** The workshop's agent transfers the caller to the agent for electric bicycles. */
export const ladefehler: Scenario = {
  title: "Ladefehler am E-Bike",
  language: "de",
  agent: "werkstatt",
  medium: "voice",
  steps: [
    agent("Larkspoke Fahrräder, guten Tag! Hier ist Lerche. Was kann ich für Sie tun?"),
    user("Grüß Gott, {full_name}. Der Akku von meinem {bike} lädt nicht mehr, es blinkt nur noch rot."),
    agent("Das ist ärgerlich. Ich verbinde Sie mit unserer E-Bike-Klinik."),
    transferToAgent("ebikes", "Der Akku lädt nicht."),
    agent("E-Bike-Klinik, hier ist Amsel. Wie oft blinkt die Anzeige hintereinander?"),
    user("Fünfmal, dann Pause. Und es wäre schön, wenn das nichts kostet, das Rad ist neu."),
    agent("Fünfmal heißt: Das Ladegerät wird zu heiß. Das übernimmt die Garantie.", {
      retrieved: "Blinkcode fünfmal rot Ladegerät",
    }),
    user("Ach so, prima. Und wie lange dauert das?"),
    tool("check_stock", { part: "Ladegerät", bike: "{bike}" }, { in_stock: false, days: "{wait_days}" }, 1.12),
    agent("Das Ladegerät ist in {wait_days} Tagen da. Sollen wir Sie anrufen?"),
    user("Ja, bitte. Vielen Dank und schöne Grüße, tschüss!"),
    agent("Danke, {name}. Auf Wiederhören!"),
  ],
  summary:
    "Der Akku des {bike} von {full_name} lädt nicht (fünfmal rotes Blinken). Die E-Bike-Klinik erkannte ein " +
    "überhitztes Ladegerät, ein Garantiefall; der Ersatz kommt in {wait_days} Tagen. Rückruf vereinbart.",
  successful: "success",
  score: 88,
  evaluations: {
    issue_resolved: ["success", "Die Ursache wurde gefunden und ein Austausch vereinbart."],
    price_stated: ["success", "Die Agentin sagte, dass die Garantie die Kosten übernimmt."],
  },
  collected: {
    caller_name: ["{full_name}", "Wird zur Begrüßung genannt."],
    waiting_days: ["{wait_days}", "Die Agentin nennt die Wartezeit."],
    bikes: [1, "Es geht um ein Rad."],
    callback_wanted: [true, "Ein Rückruf wird gewünscht."],
  },
};
